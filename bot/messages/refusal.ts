import { z } from 'zod'
import { actions, context, section } from '../blocks.ts'
import { button } from '../controls.ts'
import { cutRich, join, lines, md } from '../rich.ts'
import { report } from './message.ts'

/** A refusal that helps: what happened, what did not change, the next click, who can, and a reference. */
export default report({
  name: 'refusal',
  facts: z.object({
    sentence: z.string(),
    next: z.string().nullable(),
    role: z.string().nullable(),
    /** What was asked for, and of what: the click or dialog and its subject, or the typed line; already mrkdwn. */
    about: z.string().nullable().default(null),
    helpers: z.array(z.object({ id: z.string(), name: z.string() })),
    reference: z.string().nullable(),
    /** The stored request, for the button that asks the first helper. */
    request: z.string().nullable(),
  }),
  text: (f) => [f.sentence, f.next].filter(Boolean).join(' '),
  slack(f, frame) {
    const [first] = f.helpers
    const people = join(f.helpers.slice(0, 3).map(frame.mention), ', ')
    const small = [
      f.about ? md`You asked for ${{ rich: cutRich(f.about, 150) }}` : null,
      f.role ? md`Your role: ${f.role}` : null,
      first ? md`Who can: ${people}` : null,
      f.reference ? md`ref ${f.reference}` : null,
    ]
    return [
      section(lines(f.sentence, f.next)),
      ...(first && f.request
        ? [
            actions(
              button({
                label: `Ask ${first.name.split(' ')[0]!}`,
                verb: 'ask-person',
                id: first.id,
                arg: f.request,
                primary: true,
                aria: `Ask ${first.name} to do it`,
              }),
            ),
          ]
        : []),
      ...(small.some(Boolean) ? [context(join(small))] : []),
    ]
  },
  footer: () => ({ link: null }),
  samples: {
    usual: {
      sentence:
        'You can book stage-2, but only Priya or an environment manager can release this booking. Nothing was changed.',
      next: 'Ask Priya or Lea.',
      role: 'Engineer',
      about: 'release: stage-2 is held by Priya until 5 PM',
      helpers: [{ id: '1', name: 'Priya Nair' }],
      reference: null,
      request: 'q1',
    },
    incident: {
      sentence: 'I could not finish this. Nothing was changed.',
      next: 'Try again in a minute; if it stays, tell an administrator the reference.',
      role: null,
      about: null,
      helpers: [],
      reference: 'E-7F3A',
      request: null,
    },
  },
})
