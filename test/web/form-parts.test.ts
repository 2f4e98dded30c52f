import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { View } from '../../web/env.ts'
import { form } from '../../web/form-parts.ts'

/** A form reads the token and what was refused of a view, nothing else. */
const view = { csrf: 't', flash: null } as unknown as View
const drawn = async (schema: z.ZodObject) =>
  (await form(view, { name: 'f', action: '/', submit: 'Save', schema })).toString()

describe('a list', () => {
  it('says that it is one per line where its field has no hint of its own', async () => {
    const text = await drawn(z.object({ tags: z.array(z.string()).meta({ label: 'Tags' }) }))
    expect(text).toContain('<small id="f-tags-about" class="quiet">One per line</small>')
    expect(text).toMatch(/<textarea name="tags"[^>]* aria-describedby="f-tags-about"/)
  })

  it('says its own hint instead, and other inputs say nothing', async () => {
    const text = await drawn(z.object({ tags: z.array(z.string()).meta({ hint: 'Like env=prod' }), name: z.string() }))
    expect(text).toContain('Like env=prod')
    expect(text).not.toContain('One per line')
  })
})

it('a refused form comes back as it was sent: a box that was unticked stays so', async () => {
  const schema = z.object({ name: z.string(), active: z.boolean(), shared: z.boolean() })
  const flash = { form: 'f', field: 'name', text: 'Taken.', values: { name: 'stage-1', shared: 'on' } }
  const back = await form({ csrf: 't', flash } as unknown as View, {
    ...{ name: 'f', action: '/', submit: 'Save', schema },
    values: { name: 'stage-2', active: true, shared: false },
  })
  const [active, shared] = ['active', 'shared'].map(
    (name) => RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(back.toString())![0],
  )
  expect([active, shared].map((box) => / checked/.test(box!))).toEqual([false, true])
  expect(back.toString()).toContain('value="stage-1"')
})
