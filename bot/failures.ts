/** The one error handler of the app. */
import { WebClient } from '@slack/web-api'
import type { Deps } from '../engine/context.ts'
import { AppError } from '../engine/errors.ts'
import { paragraph, type Body } from './blocks.ts'
import { directPlace } from './context.ts'
import { incident } from './errors.ts'
import { draw, frameOf } from './messages/message.ts'
import type { KnownTokens } from './install.ts'
import { TooFastError } from './rates.ts'
import { hear, hooksOf, wireOf } from './request.ts'
import { clientOptions } from './slack.ts'
import { voiceOf } from './voice.ts'

export type Failure = { error: Error; body: unknown; context: Record<string, unknown> }

/** The one error handler: whoever asked gets a sentence with a reference; the log gets the reason, never the body. */
export async function onFailure(deps: Deps, { error, body, context }: Failure): Promise<void> {
  const cause = (error as { original?: Error }).original ?? error
  if (!context['install']) return sayUnserved(deps, { body, cause })
  const client = new WebClient(typeof context.botToken === 'string' ? context.botToken : '', clientOptions(deps))
  const { voice } = hear(deps, { body, context, client })
  if (!voice.place.slackUserId) return
  await voice.whisper(toldOf(deps, cause))
}

function toldOf(deps: Deps, cause: Error): Body {
  if (cause instanceof TooFastError) return paragraph(cause.message)
  if (cause instanceof AppError) return paragraph(inWords(cause))
  const { message, facts } = incident(deps, cause)
  return draw(message, facts, { frame: frameOf({ publicUrl: deps.publicUrl, currency: 'USD' }) })
}

const unserved = 'I cannot answer right now, and nothing was changed. Try again in a minute.'

/**
 * Nothing could be looked up, not even the workspace: the address that came with the request takes a sentence without any
 * token; without one it goes to the person by the token this workspace had last.
 */
export async function sayUnserved(
  deps: Deps,
  { body, cause, known }: { body: unknown; cause: unknown; known?: KnownTokens },
): Promise<void> {
  deps.log.warn({ err: cause }, 'a request was not served')
  const { response_url: responseUrl, user_id: userId, user, team_id: teamId, team } = wireOf(body)
  const place = directPlace('', userId ?? user?.id ?? '')
  const token = known?.get(teamId ?? team?.id ?? '')
  if (!place.slackUserId || (!responseUrl && !token)) return
  const voice = voiceOf({
    client: new WebClient(token ?? '', clientOptions(deps)),
    place,
    log: deps.log,
    responseUrl,
    hooks: hooksOf(deps),
  })
  const text = cause instanceof AppError ? inWords(cause) : unserved
  await voice.whisper(paragraph(text))
}

const inWords = ({ message, detail }: AppError): string => [message, detail.next].filter(Boolean).join(' ')
