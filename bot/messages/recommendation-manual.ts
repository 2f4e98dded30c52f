import { z } from 'zod'
import { actions, fields, header, section, type Block } from '../blocks.ts'
import { button } from '../controls.ts'
import { prose } from '../rich.ts'
import { report } from './message.ts'

const schema = z.object({
  id: z.string(),
  title: z.string(),
  advice: z.string(),
  /** Its doc comment. */
  manual: z.string(),
  clouds: z.array(z.string()),
  reads: z.array(z.string()),
  /** The clouds a script can clean up in. */
  scripts: z.array(z.string()),
  settings: z.array(z.object({ label: z.string(), value: z.string() })),
})

/** What a recommendation does: when it reports, how its saving is computed, how it ends, what it reads and its settings. */
export default report({
  name: 'recommendation-manual',
  facts: schema,
  text: (f) => `${f.title}: ${f.manual.split(/\n\s*\n/)[0]!.replaceAll(/\s+/g, ' ')}`,
  slack: (f) => [header(f.title), ...paragraphs(f.manual), about(f), buttons(f.id)],
  footer: (f) => ({ link: `/savings/${f.id}`, command: `help ${f.id}` }),
  samples: {
    usual: {
      ...{ id: 'obsolete_ips', title: 'Obsolete IPs', advice: 'Release the address.', clouds: ['aws', 'azure'] },
      manual:
        'A public address nobody uses still costs money.\n\nReported when it was attached to nothing running for\n`days_threshold` days.',
      ...{ reads: ['addresses', 'costs on the bill'], scripts: [] },
      settings: [{ label: 'Unused for', value: '7 days' }],
    },
  },
})

const paragraphs = (manual: string): Block[] => manual.split(/\n\s*\n/).map((text) => section(prose(text)))

const about = ({ advice, clouds, reads, scripts, settings }: z.infer<typeof schema>): Block =>
  fields({
    'What to do': advice,
    Clouds: clouds.join(', '),
    Reads: reads.join(', '),
    'Clean-up script': scripts.length ? scripts.join(', ') : 'none, it is done by hand',
    ...(settings.length ? { Settings: settings.map(({ label, value }) => `${label}: ${value}`).join(' · ') } : {}),
  })

const buttons = (id: string): Block =>
  actions(
    button({ label: 'Show Findings', verb: 'run-command', arg: `recs ${id}` }),
    button({ label: 'Settings', verb: 'recommendation-settings', id }),
  )
