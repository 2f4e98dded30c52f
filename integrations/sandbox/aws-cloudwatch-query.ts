/**
 * CloudWatch in the Query protocol, as older clients and emulators speak it: a form becomes the input of the JSON
 * protocol, its answer becomes XML. Shapes: the CloudWatch API reference.
 */
import { queryReply } from './aws-query.ts'
import type { AwsReply } from './aws-request.ts'
import type { XmlValue } from './aws-xml.ts'

type Tree = { [name: string]: Tree | string }

/** The input a form spells out: `MetricDataQueries.member.1.Id=m0` is `{ MetricDataQueries: [{ Id: 'm0' }] }`. */
export function inputOf(form: URLSearchParams): unknown {
  const tree: Tree = {}
  for (const [path, value] of form) {
    const names = path.split('.')
    let at = tree
    for (const name of names.slice(0, -1)) at = (at[name] ??= {}) as Tree
    at[names.at(-1)!] = value
  }
  return plain(tree)
}

function plain(value: Tree | string, name = ''): unknown {
  if (typeof value === 'string')
    return ['StartTime', 'EndTime'].includes(name)
      ? Date.parse(value) / 1000
      : numeric.includes(name)
        ? Number(value)
        : value
  if (typeof value['member'] === 'object') return Object.values(value['member']).map((each) => plain(each))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner, key)]))
}

const numeric = ['Period', 'MaxDatapoints']

/** An answer of the JSON protocol as XML: lists have members, moments are written out. */
export function asXml(action: string, { status, body = '' }: AwsReply): AwsReply {
  const answer = JSON.parse(body.toString()) as Record<string, unknown>
  return { ...queryReply(action, members(answer) as XmlValue), status }
}

function members(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) {
    const each = value.map((one) => (name === 'Timestamps' ? new Date(Number(one) * 1000) : members(one)))
    return { 'member[]': each }
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, members(inner, key)]))
}
