import { z } from 'zod'
import { section } from '../blocks.ts'
import { lines, md } from '../rich.ts'
import { report } from './message.ts'

/** Somebody was refused something you may do, and asks you. */
export default report({
  name: 'request',
  facts: z.object({ from: z.object({ id: z.string(), name: z.string() }), refused: z.string() }),
  text: (f) => `${f.from.name} asks for your help: they were told “${f.refused}”`,
  slack: (f, frame) => [
    section(lines(md`${frame.mention(f.from)} asks for your help. They were told:`, md`>${f.refused}`)),
  ],
  footer: () => ({ link: '/', more: ['You may do it; they may not'] }),
  samples: {
    usual: { from: { id: '1', name: 'Priya Nair' }, refused: 'You cannot release this booking. Nothing was changed.' },
  },
})
