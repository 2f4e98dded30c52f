/**
 * How the bot speaks where it was spoken to. Every door makes a Voice; everything above it says `whisper`, `replace` or
 * `post` and never sees Slack. Refused blocks become plain text (IC-15), an expired response_url becomes an ordinary message.
 */
import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Block, Body } from './blocks.ts'
import type { Place } from './context.ts'
import { judge } from './lint.ts'
import { slackFailure } from './slack.ts'

export type View = {
  type: 'modal'
  callback_id: string
  private_metadata: string
  title: { type: 'plain_text'; text: string }
  close: { type: 'plain_text'; text: string }
  submit?: { type: 'plain_text'; text: string }
  blocks: Block[]
}

export type Voice = {
  /** Only the person sees it. */
  whisper: (body: Body) => Promise<void>
  /** Puts this in place of the message the click came from; whispers where there is none. */
  replace: (body: Body) => Promise<void>
  /** Everybody in the conversation sees it. Null when there is no conversation. */
  post: (body: Body) => Promise<{ channel: string; ts: string } | null>
  /** Opens a dialog with the trigger of the moment; it lives three seconds and works once. */
  open: ((view: View) => Promise<{ id: string; hash: string }>) | null
  /** Null where nobody is in Slack, at the terminal: pictures are left out. */
  client: WebClient | null
  place: Place
}

export type VoiceInput = {
  client: WebClient
  place: Place
  log: Logger
  responseUrl?: string | undefined
  triggerId?: string | undefined
  /** The clicked message, when it can be edited by `chat.update`. */
  message?: { ts: string; channel: string } | undefined
  /** A dialog that is open already: another one goes on top. */
  inDialog?: boolean | undefined
  /** Where response_urls may point: Slack's host, or the address given for the Web API. */
  hooks: (url: string) => boolean
}

/** The voice of one request. */
export function voiceOf(input: VoiceInput): Voice {
  const { client, place, triggerId, inDialog } = input
  const whisper = (body: Body) => attempt(input, body, (content) => sayToOne(input, content))
  return {
    client,
    place,
    whisper,
    replace: (body) => attempt(input, body, (content) => replaceThere(input, content)),
    async post(body) {
      if (!place.channel) return null
      const posted = await attempt(input, body, (content) =>
        client.chat.postMessage({ channel: place.channel!, ...threaded(place), ...content, ...quiet }),
      )
      return posted.ts && posted.channel ? { channel: posted.channel, ts: posted.ts } : null
    },
    open: triggerId
      ? async (view) => {
          const call = { trigger_id: triggerId, view: view as never }
          const opened = inDialog ? await client.views.push(call) : await client.views.open(call)
          return { id: opened.view!.id!, hash: opened.view!.hash! }
        }
      : null,
  }
}

type Content = { text: string; blocks: never[] } | { text: string }

const quiet = { unfurl_links: false, unfurl_media: false }
const threaded = ({ threadTs }: Place) => (threadTs ? { thread_ts: threadTs } : {})

/** Tries with blocks, and without them when Slack refuses them: the words always arrive. */
async function attempt<T>(
  { log }: Pick<VoiceInput, 'log'>,
  body: Body,
  send: (content: Content) => Promise<T>,
): Promise<T> {
  const problems = judge(body, { link: false })
  if (problems.length) log.warn({ problems }, 'a message breaks the rules')
  try {
    return await send({ text: body.text, blocks: body.blocks as never[] })
  } catch (error) {
    if (slackFailure(error)?.kind !== 'blocks' && !(error instanceof BlocksRefusedError)) throw error
    log.error({ err: error }, 'Slack refused the blocks; sent as plain text')
    return send({ text: body.text })
  }
}

class BlocksRefusedError extends Error {}

async function sayToOne(input: VoiceInput, content: Content): Promise<void> {
  const { client, place, responseUrl } = input
  if (responseUrl && (await respond(input, { ...content, response_type: 'ephemeral', replace_original: false }))) return
  const { channel, slackUserId: user, direct } = place
  const toPerson = () => client.chat.postMessage({ channel: user, ...content, ...quiet })
  if (!channel) return void (await toPerson())
  try {
    if (direct) await client.chat.postMessage({ channel, ...threaded(place), ...content, ...quiet })
    else await client.chat.postEphemeral({ channel, user, ...threaded(place), ...content })
  } catch (error) {
    // Where the bot is no member it cannot whisper; then the direct message takes the words.
    if (slackFailure(error)?.kind !== 'gone') throw error
    await toPerson()
  }
}

async function replaceThere(input: VoiceInput, content: Content): Promise<void> {
  const { message, client, responseUrl } = input
  if (responseUrl && (await respond(input, { ...content, replace_original: true }))) return
  if (message) await client.chat.update({ ...message, ...content })
  else await sayToOne({ ...input, responseUrl: undefined }, content)
}

/**
 * Posts to a response_url: true when it took it, false when it is used up, expired or silent: twice said is better than
 * not at all. Slack's own address only, and no redirect is followed, because the address comes with the request.
 */
async function respond({ responseUrl, hooks, log }: VoiceInput, payload: Record<string, unknown>): Promise<boolean> {
  if (!responseUrl || !hooks(responseUrl)) return false
  const response = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
    redirect: 'error',
    signal: AbortSignal.timeout(10_000),
  }).catch((error: unknown) => log.info({ err: error }, 'the response_url did not answer'))
  if (!response) return false
  if (response.ok) return true
  const answer = await response.text()
  if (response.status === 400 && payload['blocks'] && /block/.test(answer))
    throw new BlocksRefusedError(answer.slice(0, 200))
  log.info({ status: response.status }, 'the response_url took no more')
  return false
}
