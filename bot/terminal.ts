/** The terminal door: the same command, answered as plain lines. Dialogs and pictures stay in Slack. */
import { findPerson } from '../db/queries/organizations.ts'
import type { Deps } from '../engine/context.ts'
import { notFound } from '../engine/errors.ts'
import type { Block, Body } from './blocks.ts'
import { directPlace, orgContext, type BotContext } from './context.ts'
import { answer, manual } from './doors.ts'
import type { Voice } from './voice.ts'

/** Answers one line as the person would read it in Slack, without buttons. Throws NotFound for an unknown person. */
export async function answerInTerminal(
  deps: Deps,
  { orgId, personId, line }: { orgId: string; personId: string; line: string },
): Promise<string> {
  const person = await findPerson(deps.db, { orgId, id: personId })
  if (!person) throw notFound('There is no such person in this organization.')
  const said: Body[] = []
  const org = await orgContext(deps, orgId, { personId, door: 'terminal' })
  // Names instead of mentions: nobody is pinged from a terminal.
  const ctx: BotContext = { ...org, slackUsers: new Map(), person, place: directPlace('', ''), pool: null, manual }
  await answer(ctx, listener(said), { line })
  return said.map(linesOf).join('\n\n')
}

/** A voice that only remembers; it opens nothing and uploads nothing. */
function listener(said: Body[]): Voice {
  const remember = async (body: Body) => void said.push(body)
  const post = async (body: Body) => {
    said.push(body)
    return null
  }
  return { whisper: remember, replace: remember, post, open: null, client: null, place: directPlace('', '') }
}

/** A message as lines: what is written in it, tables aligned, controls left out. */
export function linesOf({ text, blocks }: Body): string {
  const lines = blocks.flatMap(blockLines)
  return readable(lines.length ? lines.join('\n') : text)
}

type Texty = { text: string }
type Wordy = {
  text?: Texty
  fields?: Texty[]
  elements?: Partial<Texty>[]
  rows?: { text?: string }[][]
  title?: string
}

/** Guarantee: every block's shape is one of Slack's; fields a kind does not have are undefined and skipped. */
function blockLines(block: Block): string[] {
  const { text, fields, elements, rows } = block as unknown as Wordy
  if (block.type === 'actions' || block.type === 'image') return []
  if (rows) return aligned(rows.map((row) => row.map((cell) => cell.text ?? '')))
  const pieces = [text?.text, ...(fields ?? []).map((field) => field.text.replace('\n', ': '))]
  const small = block.type === 'context' ? [(elements ?? []).map((element) => element.text ?? '').join(' · ')] : []
  return [...pieces, ...small].filter((piece): piece is string => Boolean(piece))
}

function aligned(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** mrkdwn without its marks: dates and links by their words, bold and code plain, entities as characters. */
function readable(text: string): string {
  return text
    .replaceAll(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<(?:https?:[^|>]*)\|([^>]*)>/g, '$1')
    .replaceAll(/<(https?:[^>]*)>/g, '$1')
    .replaceAll(/[*`]/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
