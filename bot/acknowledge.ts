/** When Slack hears that we heard it, and what it hears when we cannot work. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '@slack/bolt'
import type { Deps } from '../engine/context.ts'
import { AppError } from '../engine/errors.ts'
import { slackAckSeconds } from '../engine/meters.ts'
import { admitted } from '../engine/reach.ts'
import { sayUnserved } from './failures.ts'
import type { KnownTokens } from './install.ts'
import { unservedAnswer } from './submissions.ts'

const answered = new Set(['block_suggestion', 'view_submission', 'event_callback'])

/**
 * Commands, clicks and shortcuts are acknowledged before anything is read, so that a busy database never costs Slack's three
 * seconds (IC-1). Not so what is answered in the acknowledgement, and events: Slack repeats those when we fail. Nothing is
 * begun while the database cannot be reached: people get a sentence within two seconds, an event is refused.
 */
export function acknowledgeFirst(app: App, { deps, known }: { deps: Deps; known: KnownTokens }): void {
  const proceed = app.processEvent.bind(app)
  app.processEvent = async (event) => {
    const early = !answered.has(String(event.body['type']))
    if (early) await event.ack()
    try {
      await admitted(deps.db, () => proceed(early ? { ...event, ack: () => Promise.resolve() } : event))
    } catch (cause) {
      if (!(cause instanceof AppError) || event.body['type'] === 'event_callback') throw cause
      if (early) await sayUnserved(deps, { body: event.body, cause, known })
      else await event.ack(unservedAnswer(event.body, cause))
    }
  }
}

/** Outermost, so that what is measured is all that Slack waits for. */
export function measureAcknowledgements(app: App): void {
  const proceed = app.processEvent.bind(app)
  app.processEvent = (event) => {
    const acknowledged = slackAckSeconds.startTimer({ kind: String(event.body['type'] ?? 'command') })
    const ack: typeof event.ack = async (answer) => {
      await event.ack(answer)
      acknowledged()
    }
    return proceed({ ...event, ack })
  }
}

/** Follows what was heard to its end, which comes after its acknowledgement. The answer waits for all of it, `ms` at most. */
export function followWork(app: App): (ms: number) => Promise<void> {
  let open = 0
  const proceed = app.processEvent.bind(app)
  app.processEvent = async (event) => {
    open += 1
    await proceed(event).finally(() => (open -= 1))
  }
  return async (ms) => {
    for (const until = performance.now() + ms; open > 0 && performance.now() < until;) await sleep(20)
  }
}
