/** What a person gets who asked for a clean-up: files with a living message, or who is asked first. */
import type { CleanUp } from '../db/schema/clean-ups.ts'
import { filesOf } from '../engine/clean-ups/freeze.ts'
import { requestCleanUp, type RequestCleanUp } from '../engine/clean-ups/request.ts'
import type { BotContext } from './context.ts'
import cleanUpCard from './messages/clean-up.ts'
import { done, filesOfCard, type Reply } from './reply.ts'

/** Asks for a clean-up. */
export async function requestIt(ctx: BotContext, wanted: RequestCleanUp): Promise<Reply> {
  return handOver(await requestCleanUp(ctx, wanted))
}

/** The files of a clean-up that may be run, else the word that it waits. */
export function handOver(cleanUp: CleanUp): Reply {
  if (cleanUp.state === 'waiting_approval')
    return done('A manager is asked to approve this clean-up; you hear from me when it is decided, within a day.', {
      subject: { kind: 'clean_up', id: cleanUp.id },
    })
  return filesOfCard(cleanUpCard, cleanUp.id, ...filesOf(cleanUp))
}
