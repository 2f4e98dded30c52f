/** Shared environments: who holds what until when. A few are lines with a button each, many are one table with a menu. */
import type { EnvironmentRow } from '../../db/queries/environments.ts'
import { localOf } from '../../engine/time.ts'
import { actions, ceilings, context, header, section, table, type Block } from '../blocks.ts'
import type { BotContext } from '../context.ts'
import { button, menu } from '../controls.ts'
import { bookNowOffer } from '../environments.ts'
import { boardControl, boardLine, boardRow } from '../messages/environments-board.ts'
import { frameOf } from '../messages/message.ts'
import { count, dayInWords } from '../words.ts'

/** So many lines with buttons; a table of more is easier to read, sort and filter. */
export const fewRows = 12
/** Lines of mine above the table. */
const mineRows = 3

/** Nothing where nobody shares anything. */
export function drawEnvironments(ctx: BotContext, rows: EnvironmentRow[]): Block[] {
  if (rows.length === 0) return []
  const free = rows.filter((row) => row.available && !row.current)
  const heading = [header('Environments'), context(`${free.length} of ${count(rows.length, 'environment')} free now`)]
  if (rows.length <= fewRows) return [...heading, ...rows.map((row) => line(ctx, row))]
  const mine = rows.filter((row) => row.current?.personId === ctx.person.id)
  return [...heading, ...mine.slice(0, mineRows).map((row) => line(ctx, row)), ...board(ctx, rows), bookNow(ctx, free)]
}

const line = (ctx: BotContext, row: EnvironmentRow): Block => {
  const shown = boardRow(ctx, row)
  return section(boardLine(shown, frameOf(ctx)), boardControl(shown))
}

function board(ctx: BotContext, rows: EnvironmentRow[]): Block[] {
  const at = (moment: Date) => {
    const { day, time } = localOf(moment, ctx.person.zone)
    return `${dayInWords(day)}, ${time}`
  }
  const body = rows.map(({ name, available, current, next }) => [
    name,
    available ? (current ? 'Held' : 'Free') : 'Not available',
    current?.holder ?? '',
    current ? at(current.endsAt) : '',
    next ? `${next.holder}, ${at(next.startsAt)}` : '',
  ])
  const heading = ['Name', 'State', 'Holder', 'Until', 'Next']
  return [
    table(`Shared environments, times in ${ctx.person.zone}`, [heading, ...body]),
    ...(rows.length > ceilings.rows
      ? [context(`The first ${ceilings.rows} by name; the others are on the web page`)]
      : []),
  ]
}

/** Books at once what is chosen, for the time its own button would offer. */
function bookNow(ctx: BotContext, free: EnvironmentRow[]): Block {
  const choices = free.flatMap((row) => {
    const offer = bookNowOffer(row, ctx.now())
    return offer
      ? [{ label: `${row.name}: ${offer.label.toLowerCase()}`, verb: 'book', id: row.id, rev: row.rev, arg: offer.arg }]
      : []
  })
  return actions(
    choices.length > 0 && menu({ name: 'book-now', placeholder: 'Book now', choices }),
    button({ label: 'Other Time', verb: 'open-booking', aria: 'Book an environment at another time' }),
    button({
      label: 'Free Now',
      verb: 'run-command',
      arg: 'env free',
      aria: 'List the environments that are free now',
    }),
  )
}
