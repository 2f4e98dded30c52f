import { Hono } from 'hono'
import { z } from 'zod'
import { billOrigins } from '../../db/vocabulary.ts'
import { ConnectAccount, connectAccount } from '../../engine/accounts/connect.ts'
import { type ConnectForm } from '../../engine/accounts/forms.ts'
import { sayGathering } from '../../engine/accounts/holders.ts'
import { openDraft, previewAccount } from '../../engine/accounts/preview.ts'
import type { Context } from '../../engine/context.ts'
import { cloudNames } from '../account-parts.ts'
import { act, type Outcome } from '../act.ts'
import { credentialsOf, inputsOf, originInput, rights, wayInputs, withPrefix } from '../connect-parts.ts'
import type { View, WebEnv } from '../env.ts'
import { form, select, textInput } from '../form-parts.ts'
import { fold, notice, quiet, type Content } from '../parts.ts'
import { decide, readReport } from './connect-decision.ts'

const byHand = z.enum(['focus', 'aws', 'azure', 'gcp', 'alibaba'])

/** The acts behind the forms that connect an account: with a key it is looked at first, and connected when nothing is left to decide. */
export const connect = new Hono<WebEnv>()
  .post('/accounts', (c) =>
    act(c, {
      back: '/accounts#connect',
      form: `connect-${c.req.query('cloud') ?? ''}`,
      run: async (ctx, values) => {
        const asked = readConnect(values)
        if (Object.keys(asked.credentials).length === 0) return connected(ctx, asked)
        const preview = await previewAccount(ctx, asked)
        return preview.ready ? connected(ctx, { ...openDraft(ctx, preview.draft), despite: true }) : decide(c, preview)
      },
    }),
  )
  .post('/accounts/draft', (c) =>
    act(c, {
      back: '/accounts',
      run: async (ctx, { draft = '', report = '' }) => {
        const asked = openDraft(ctx, draft)
        const settings = { ...asked.settings, ...readReport(report) }
        return connected(ctx, { ...asked, settings, despite: true })
      },
    }),
  )
  .post('/accounts/draft/check', (c) =>
    act(c, {
      back: '/accounts',
      run: async (ctx, { draft = '' }) => decide(c, await previewAccount(ctx, openDraft(ctx, draft))),
    }),
  )

function readConnect(values: Record<string, string>) {
  const { cloud } = ConnectAccount.pick({ cloud: true }).parse(values)
  const origin = z.enum(billOrigins).safeParse(values['billOrigin'])
  return {
    cloud,
    name: values['name'] ?? '',
    credentials: credentialsOf(values),
    settings: withPrefix(values, 'bill.'),
    ...(origin.success ? { billOrigin: origin.data } : {}),
    ...(values['number'] ? { cloudAccountId: values['number'] } : {}),
  }
}

async function connected(ctx: Context, asked: ConnectAccount): Promise<Outcome> {
  const made = await connectAccount(ctx, asked)
  const reading =
    made.billOrigin === 'payer' ? 'Its inventory is being read now.' : 'Inventory and bill are being read now.'
  const next = made.credentials ? reading : 'Upload its first bill here.'
  const gathering = await sayGathering(ctx, made)
  return {
    say: [`${made.name} is connected.`, gathering].filter(Boolean).join(' '),
    next,
    goTo: `/accounts/${made.id}`,
  }
}

/** What a link fills in: an account found in a payer's bill. */
export type Preset = { name: string; billOrigin: string } | null

/** The forms that connect an account of a cloud, one per way in. */
export function connectForm(asked: ConnectForm, { view, preset }: { view: View; preset: Preset }): Content {
  const { cloud, title, ways, settings } = asked
  const optional = settings.map((field) => ({ ...field, required: false }))
  const drawn = ways.map((way, n) => {
    const name = `connect-${cloud}-${n}`
    const body = form(view, {
      name,
      action: `/accounts?cloud=${cloud}-${n}`,
      submit: `Connect ${title}`,
      hidden: { cloud },
      more: (typed) => [
        typed && view.flash ? notice('bad', view.flash.text, view.flash.next) : null,
        textInput('name', 'Name', {
          ...{ required: true, value: typed?.['name'] ?? preset?.name, placeholder: `${title} production` },
        }),
        wayInputs(way, typed),
        originInput(asked, typed?.['billOrigin'] ?? preset?.billOrigin),
        settings.length
          ? fold('Where the bill lies', [
              quiet(
                `Left empty, we ask the cloud which reports there are, and you choose. Its bills must be in ${view.organization.currency}, as ${view.organization.name} counts: nothing is converted.`,
              ),
              inputsOf(optional, { prefix: 'bill.', values: withPrefix(typed ?? {}, 'bill.') }),
            ])
          : null,
      ],
    })
    return ways.length === 1 ? body : fold(way.title, body, view.flash?.form === name)
  })
  const isOpen = preset !== null || view.flash?.form?.startsWith(`connect-${cloud}-`)
  return fold(title, [drawn, rights(asked)], isOpen)
}

/** The form that adds an account whose bills are uploaded by hand. */
export function uploadOnly(view: View): Content {
  const asked = form(view, {
    name: 'connect-',
    action: '/accounts',
    submit: 'Add for uploads',
    tone: 'plain',
    more: (typed) => [
      quiet(
        'No key at hand? Add the account by name and upload its bills: FOCUS 1.0 to 1.2, or AWS cost and usage reports.',
      ),
      select('cloud', 'Bills of', {
        choices: byHand.options.map((value) => ({ value, label: cloudNames[value] })),
        value: typed?.['cloud'],
      }),
      textInput('name', 'Name', { required: true, value: typed?.['name'] }),
      textInput('number', 'Account number', { placeholder: 'optional', value: typed?.['number'] }),
    ],
  })
  return fold('Bills uploaded by hand', asked, view.flash?.form === 'connect-')
}
