import { z } from 'zod'
import { section } from '../blocks.ts'
import { join, lines, md } from '../rich.ts'
import { report } from './message.ts'

/** Somebody was refused something you may do, and asks you. */
export default report({
  name: 'request',
  facts: z.object({
    from: z.object({ id: z.string(), name: z.string() }),
    refused: z.string(),
    /** The typed line, or the click and what its card said; already mrkdwn. */
    asked: z.string().nullable().default(null),
  }),
  text: (f) =>
    join(
      [md`${f.from.name} asks for your help: they were told “${f.refused}”`, f.asked && md`about ${{ rich: f.asked }}`],
      ' ',
    ),
  slack: (f, frame) => [
    section(lines(md`${frame.mention(f.from)} asks for your help. They were told:`, md`>${f.refused}`)),
    ...(f.asked ? [section(md`They asked for ${{ rich: f.asked }}`)] : []),
  ],
  footer: () => ({ link: '/', more: ['You may do it; they may not'] }),
  samples: {
    usual: {
      from: { id: '1', name: 'Priya Nair' },
      refused: 'You cannot release this booking. Nothing was changed.',
      asked: 'release: stage-2 is held by Priya until 5 PM',
    },
  },
})
