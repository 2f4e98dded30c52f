/**
 * Which reports and exports lie in a bucket, told from the paths of their manifests alone. Legacy reports:
 * `<prefix>/<report>/YYYYMMDD-YYYYMMDD/[<assembly>/]<report>-Manifest.json`; Data Exports:
 * `<prefix>/<export>/metadata/BILLING_PERIOD=YYYY-MM/[<execution>/]<export>-Manifest.json` (AWS Data Exports user guide).
 */
import type { BillSettings, FoundReport } from '../cloud.ts'

const layouts: [kind: FoundReport['kind'], shape: RegExp][] = [
  ['report', /^(?:(.*)\/)?([^/]+)\/(\d{4})(\d{2})01-\d{8}\/(?:[^/]+\/)?[^/]+-Manifest\.json$/i],
  ['export', /^(?:(.*)\/)?([^/]+)\/metadata\/BILLING_PERIOD=(\d{4})-(\d{2})\/(?:[^/]+\/)?[^/]+-Manifest\.json$/i],
]

/** The reports these keys of a bucket belong to, by name, each with its months, newest first. */
export function reportsAmong(keys: string[], { bucket, region }: BillSettings): FoundReport[] {
  const found = new Map<string, FoundReport>()
  for (const key of keys) {
    for (const [kind, shape] of layouts) {
      const [, prefix = '', name, year, month] = shape.exec(key) ?? []
      if (!name || !year || !month) continue
      const settings = { bucket: bucket ?? '', prefix, report: name, ...(region ? { region } : {}) }
      const report: FoundReport = found.get(`${prefix}/${name}`) ?? { name, kind, settings, months: [] }
      const first = `${year}-${month}-01`
      if (!report.months.includes(first)) report.months.push(first)
      found.set(`${prefix}/${name}`, report)
    }
  }
  for (const { months } of found.values()) months.sort().reverse()
  return [...found.values()].toSorted((one, other) => one.name.localeCompare(other.name))
}
