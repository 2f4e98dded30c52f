import { findLatestCheck } from '../../engine/duplicates/matrix.ts'
import { bucketsNamed, startAndTell } from '../duplicates.ts'
import { optional, type Slot } from '../grammar.ts'
import duplicatesFound from '../messages/duplicates-found.ts'
import findDuplicates from '../modals/find-duplicates.ts'
import { card, open } from '../reply.ts'
import { name, oneOf } from '../slots.ts'
import { command } from './command.ts'

/** `over 5MB`: smaller objects do not count. */
const over: Slot<number> = {
  hints: ['over 5MB'],
  read(words) {
    const [, size] = (words[0]!.text.toLowerCase() === 'over' && /^(\d{1,10})(mb)?$/i.exec(words[1]?.text ?? '')) || []
    return size === undefined ? null : { value: Number(size), used: 2 }
  },
  write: (value) => `over ${value}MB`,
}

/** Equal objects in buckets: the latest check, or a new one of the buckets that are named or chosen. */
export default command({
  verb: 'duplicates',
  aliases: ['dups'],
  summary: 'Equal objects in S3 buckets, and what they cost',
  usage: '[new] [bucket bucket …] [over 5MB]',
  examples: ['duplicates', 'duplicates new', 'duplicates reports backups over 5MB'],
  effect: 'none',
  takes: { act: optional(oneOf('new')), names: optional(name), over: optional(over) },
  async run(ctx, { act, names, over: minSize }) {
    if (names) {
      const bucketIds = await bucketsNamed(ctx, [...new Set(names.split(/[\s,]+/).filter(Boolean))])
      return startAndTell(ctx, { bucketIds, minSize: minSize ?? 0 })
    }
    const latest = act ? null : await findLatestCheck(ctx)
    return latest ? card(duplicatesFound, latest.id) : open(findDuplicates)
  },
})
