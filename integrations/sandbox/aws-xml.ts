/**
 * A value as the XML of AWS' Query protocols: properties become elements, arrays become `<item>`s, nothing becomes nothing.
 * The elements of a property `name[]` are called `name` and stand side by side.
 */
export type XmlValue = string | number | boolean | Date | null | undefined | XmlValue[] | { [tag: string]: XmlValue }

/** One element with its content; empty when there is none. */
export function xml(tag: string, value: XmlValue): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return `<${tag}>${value.map((item) => xml('item', item)).join('')}</${tag}>`
  if (value instanceof Date) return `<${tag}>${value.toISOString()}</${tag}>`
  if (typeof value === 'object') return `<${tag}>${content(value)}</${tag}>`
  return `<${tag}>${escape(String(value))}</${tag}>`
}

const content = (value: { [tag: string]: XmlValue }) =>
  Object.entries(value)
    .map(([tag, inner]) => (tag.endsWith('[]') ? many(tag.slice(0, -2), inner) : xml(tag, inner)))
    .join('')

const many = (tag: string, items: XmlValue) =>
  (Array.isArray(items) ? items : []).map((item) => xml(tag, item)).join('')

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => signs[sign]!)
