/**
 * Reads one kind of thing everywhere: every region on its own, so that one that fails hides no other. What is seen becomes
 * active; what a region that was read completely does not show any more becomes inactive, unless that would be too much.
 */
import { countVanishing, setVanishedInactive, type Vanished } from '../../db/queries/vanished.ts'
import { CloudError } from '../../integrations/cloud.ts'
import type { PartResult } from '../accounts/problems.ts'
import type { Context } from '../context.ts'
import { inTurns } from './in-turns.ts'
import { refuseVanishing } from './vanish.ts'

const regionsAtOnce = 8
const chunkSize = 500

/** What is read: how to ask, what tells one from another, and where it is kept. */
export type Part<T> = {
  accountId: string
  table: Vanished['table']
  /** A resource type or a kind of inventory. */
  type: string
  regions: string[]
  read: (region: string) => AsyncIterable<T>
  idOf: (seen: T) => string
  store: (seen: T[]) => Promise<void>
  /** A person said that what is missing is really gone. */
  vanishingAccepted: boolean
  signal?: AbortSignal | undefined
}

/** Reads a part in all its regions, then decides what is gone: that needs all regions, because all of them empty is a fault. */
export async function sweepPart<T>(ctx: Context, part: Part<T>): Promise<PartResult[]> {
  const { accountId, table, type } = part
  const read = await inTurns(part.regions, regionsAtOnce, (region) => sweepRegion(ctx, part, region))
  const complete = read.filter((each) => each.complete)
  const ids = read.flatMap((each) => each.ids)
  const scope = { accountId, table, type, ids, regions: complete.map(({ region }) => region) }
  const counts = part.vanishingAccepted ? [] : await countVanishing(ctx.db, scope)
  const refused = refuseVanishing(type, counts)
  await setVanishedInactive(ctx.db, { ...scope, regions: scope.regions.filter((region) => !refused.has(region)) })
  return read.map(({ region, problem }) => {
    const doubt = refused.get(region)
    return { part: type, region, problem: doubt === undefined ? problem : { kind: 'doubt', message: doubt } }
  })
}

type RegionRead = { region: string; ids: string[]; problem: PartResult['problem']; complete: boolean }

async function sweepRegion<T>(ctx: Context, part: Part<T>, region: string): Promise<RegionRead> {
  const ids: string[] = []
  const source = chunks(part.read(region), part.idOf)
  for (;;) {
    part.signal?.throwIfAborted()
    let chunk: T[] | undefined
    try {
      chunk = (await source.next()).value
    } catch (error) {
      const complete = error instanceof CloudError && error.complete
      return { region, ids, problem: problemFrom(ctx, error), complete }
    }
    if (!chunk) return { region, ids, problem: null, complete: true }
    await part.store(chunk)
    ids.push(...chunk.map(part.idOf))
  }
}

/**
 * Gathers what a cloud yields into portions for one statement; one it yields twice counts once. What came before a failure
 * is handed out first.
 */
async function* chunks<T>(source: AsyncIterable<T>, idOf: (seen: T) => string): AsyncGenerator<T[], undefined> {
  let chunk = new Map<string, T>()
  let failure: { error: unknown } | null = null
  try {
    for await (const seen of source) {
      chunk.set(idOf(seen), seen)
      if (chunk.size < chunkSize) continue
      yield [...chunk.values()]
      chunk = new Map()
    }
  } catch (error) {
    failure = { error }
  }
  if (chunk.size) yield [...chunk.values()]
  if (failure) throw failure.error
}

/** A cloud's refusal in our words; what is no refusal is our mistake and goes to the log, the other regions go on. */
export function problemFrom(ctx: Context, error: unknown): PartResult['problem'] {
  if (error instanceof CloudError) return { kind: error.kind, message: error.message }
  ctx.log.error({ err: error }, 'discovery failed')
  return { kind: 'unreachable', message: 'The answer of the cloud could not be read.' }
}
