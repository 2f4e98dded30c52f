import { z } from 'zod'
import { approveCleanUp } from '../../engine/clean-ups/decide.ts'
import { readCleanUp } from '../../engine/clean-ups/verify.ts'
import { formatMoney } from '../../engine/money.ts'
import { getRecommendation } from '../../engine/recommendations/options.ts'
import { context, section } from '../blocks.ts'
import { done } from '../reply.ts'
import { linkTo, md } from '../rich.ts'
import { count } from '../words.ts'
import { modal } from './modal.ts'

/** So many are ticked; a menu takes more, and a page the rest. */
const [mostTicks, mostListed] = [10, 100]

/** Which of a clean-up is approved. What is not ticked goes back to the person who asked, named. */
export default modal({
  name: 'approve-part',
  title: 'Approve a Part',
  submit: 'Approve Selected',
  fields: z.looseObject({}),
  more: (_, { count: n = '0' }) =>
    z.object({
      items: z
        .array(z.string(), 'Tick at least one.')
        .min(1, 'Tick at least one.')
        .meta({
          ...{ label: 'Approved', input: Number(n) > mostTicks ? 'several' : 'many' },
          hint: 'Only these are handed over, with a list and a hash of their own',
        }),
    }),
  async load(ctx, { cleanUpId = '' }) {
    const { items, personName, state } = await readCleanUp(ctx, { cleanUpId })
    const page = linkTo(`${ctx.publicUrl}/clean-ups/${cleanUpId}`, 'Open in web')
    if (state !== 'waiting_approval') return closed(md`This clean-up is decided already. ${page}`)
    if (items.length > mostListed)
      return closed(md`This list has ${count(items.length, 'resource')}; choose among them on its page. ${page}`)
    const option = ({ findingId, name, recommendation, saving }: (typeof items)[number]) => ({
      ...{ value: findingId, label: name },
      about: [getRecommendation(recommendation).title, saving !== null && `${formatMoney(saving, ctx.currency)}/mo`]
        .filter(Boolean)
        .join(' · '),
    })
    return {
      blocks: [
        section(md`*${personName}* asks for the scripts of ${count(items.length, 'resource')}.`),
        context('What you leave out is not approved; its owner is told which', page),
      ],
      ...{ values: { items: items.map(({ findingId }) => findingId) }, choices: { items: items.map(option) } },
    }
  },
  async run(ctx, { facts, values }) {
    const { cleanUpId = '', sha256 = '' } = facts
    const findingIds = z.array(z.string()).parse(values['items'])
    const { items, declined } = await approveCleanUp(ctx, { cleanUpId, sha256, findingIds })
    const all = items.length + declined.length
    const text = declined.length
      ? `Approved: ${items.length} of ${all}. The person who asked hears which are not.`
      : `Approved: all ${all}. The scripts can be fetched now.`
    return done(text, { subject: { kind: 'clean_up', id: cleanUpId } })
  },
})

const closed = (text: ReturnType<typeof md>) => ({ blocks: [section(text)], closed: true })
