/** The inputs of a cloud's key and bill, drawn from its own forms; used to connect an account and to change one. */
import type { ConnectForm, ConnectWay, FormField } from '../engine/accounts/forms.ts'
import { secretPrefix } from './act.ts'
import { select, textInput, type Typed } from './form-parts.ts'
import { block, code, facts, fold, link, quiet, row, type Content } from './parts.ts'

/** Values of the inputs whose name begins so, without the empty ones. */
export const withPrefix = (values: Record<string, string>, prefix: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      name.startsWith(prefix) && value !== '' ? [[name.slice(prefix.length), value]] : [],
    ),
  )

/** Inputs for a key or for where a bill lies; secrets are never filled in, what is given is only shown. */
export const inputsOf = (
  fields: FormField[],
  { prefix, values = {} }: { prefix: string; values?: Record<string, string> },
): Content =>
  fields.map(({ name, label, secret, required, example, given }) =>
    given
      ? facts([[label, code(given)]])
      : textInput(prefix + name, label, {
          required,
          type: secret ? 'password' : 'text',
          value: secret ? '' : values[name],
          ...(example ? { placeholder: example } : {}),
        }),
  )

/** Inputs of one way in, with what it is. What is no secret has another name, so that a refused form keeps it. */
export const wayInputs = ({ about, fields }: ConnectWay, typed: Typed): Content => [
  about ? quiet(about) : null,
  fields.map((field) =>
    inputsOf([field], { prefix: field.secret ? secretPrefix : openPrefix, values: credentialsOf(typed ?? {}) }),
  ),
]

const openPrefix = 'access.'

/** What was typed of a way in. */
export const credentialsOf = (values: Record<string, string>): Record<string, string> => ({
  ...withPrefix(values, openPrefix),
  ...withPrefix(values, secretPrefix),
})

/** Does the account have a bill of its own? Asked only where accounts pay for others. */
export const originInput = ({ hasPayers }: ConnectForm, value: string | undefined): Content =>
  hasPayers
    ? select('billOrigin', 'Its costs come', {
        value: value ?? 'own',
        choices: [
          { value: 'own', label: 'in a bill of its own (management or single account)' },
          { value: 'payer', label: 'in the bill of the account that pays for it (linked account)' },
        ],
      })
    : null

/** The policy to paste, and every document as a download. */
export const rights = ({ cloud, policy, files }: ConnectForm): Content =>
  policy
    ? fold('The rights the key or role needs', [
        files.length ? row(files.map(({ name, title }) => link(`/files/connect/${cloud}/${name}`, title))) : null,
        block(policy),
      ])
    : null
