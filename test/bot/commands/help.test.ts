import { beforeAll, describe, expect, it } from 'vitest'
import { manuals, recommendations } from '../../../engine/recommendations/catalog.ts'
import { setOptions } from '../../../engine/recommendations/options.ts'
import { labels, slackWorld, words, type SlackWorld } from '../slack-world.ts'

let w: SlackWorld
beforeAll(async () => {
  w = await slackWorld()
})

describe('help about a recommendation', () => {
  it('prints its manual, what it reads and its settings as they are', async () => {
    await setOptions(w.as(), { recommendation: 'obsolete_ips', options: { days_threshold: 12 } })
    const seen = await w.type('help obsolete_ips')
    expect(seen.text).toBe('Obsolete IPs: A public address nobody uses still costs money.')
    expect(words(seen)).toContain('Reported when')
    expect(words(seen)).toContain('*Reads*\naddresses, costs on the bill')
    expect(words(seen)).toMatch(/\*Settings\*\n[\w ]+: 12 days/)
    expect(labels(seen)).toContain('Show Findings')
  })

  it('knows it by its title too, and names the nearest on a miss', async () => {
    expect((await w.type('help Obsolete IPs')).text).toMatch(/^Obsolete IPs: /)
    expect((await w.type('help obsolete_ip')).text).toMatch(/There is no command or recommendation “obsolete_ip”/)
    expect(labels(w.last())).toContain('help obsolete_ips')
    expect((await w.type('help cost')).text).toMatch(/^cost: /)
  })

  it.each(recommendations.map(({ id }) => id))('%s is said whole', async (id) => {
    const last = manuals[id]!.trim().split(/\s+/).at(-1)!.replaceAll('`', '')
    expect(words(await w.type(`help ${id}`))).toContain(last)
  })
})
