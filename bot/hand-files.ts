/** Files that answer somebody: uploaded where only they look. */
import { paragraph } from './blocks.ts'
import { directPlace, type BotContext } from './context.ts'
import { drawCard, register } from './copies.ts'
import type { Reply } from './reply.ts'
import { escapeText } from './rich.ts'
import { readersHere } from './shared-channels.ts'
import { voiceOf, type Voice } from './voice.ts'

/**
 * Files go to the thread or the direct message of the question, never into a channel for everybody nor to another company;
 * a card goes before them.
 */
export async function sendFiles(
  ctx: BotContext,
  voice: Voice,
  { text, files, about }: Extract<Reply, { kind: 'files' }>,
): Promise<void> {
  const { client, place } = voice
  if (!client) return voice.whisper(paragraph('I hand over files in Slack and in the web view, not at the terminal.'))
  const inThread = !place.direct && place.threadTs && (await readersHere(ctx, client, place)) === 'own'
  const channel = inThread ? place.channel : (await client.conversations.open({ users: place.slackUserId })).channel?.id
  if (!channel) return
  const here = channel === place.channel
  const thread = here && place.threadTs ? { thread_ts: place.threadTs } : {}
  const drawn = about ? await drawCard(ctx, about.card, about.id) : null
  const there = here ? place : { ...directPlace(place.teamId, place.slackUserId), channel }
  const head = drawn ? await voiceOf({ client, place: there, log: ctx.log, hooks: () => false }).post(drawn.body) : null
  if (about && drawn && head) await register(ctx, { ...about, drawn, teamId: place.teamId, ...head })
  if (files.length === 0) return
  await client.filesUploadV2({
    ...{ channel_id: channel, ...(head?.ts ? { thread_ts: head.ts } : {}), ...thread },
    ...(text ? { initial_comment: escapeText(text) } : {}),
    file_uploads: files.map(({ name, content, title }) => ({
      filename: name,
      title: title ?? name,
      file: Buffer.from(content),
    })),
  })
  // Whoever typed it elsewhere would see nothing happen there.
  if (!here && place.channel)
    await voice.whisper(
      paragraph(`${files.length === 1 ? 'The file is' : 'The files are'} in your direct messages with me.`),
    )
}
