import { Resvg } from '@resvg/resvg-js'
import { describe, expect, it } from 'vitest'
import { renderChart, seriesColor, type ChartSpec } from '../../../engine/spend/chart.ts'

const days = ['2026-11-21', '2026-11-22', '2026-11-23']
const area: ChartSpec = {
  kind: 'area',
  title: 'Cost by service',
  description: 'EC2 costs most.',
  categories: days,
  series: [
    { name: 'EC2', values: [1200, 1300, 1250] },
    { name: 'S3', values: [20, null, 30] },
  ],
  unit: 'USD',
}
const kinds = ['area', 'bar', 'line', 'donut'] as const

describe('a chart', () => {
  it.each(kinds)('of kind %s carries nothing a strict content security policy blocks', (kind) => {
    const svg = renderChart({ ...area, kind })
    expect(svg).not.toMatch(/<style|<script| style=| class=| on\w+=|javascript:|<image|href=/)
  })

  it.each(kinds)('of kind %s is the same drawing every time, whatever was drawn before', (kind) => {
    const first = renderChart({ ...area, kind })
    renderChart({ ...area, kind: 'donut', title: 'another' })
    expect(renderChart({ ...area, kind })).toBe(first)
  })

  it('names its clip paths after itself, so that two of them can share a page', () => {
    const ids = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1])
    const [one, two] = [ids(renderChart(area)), ids(renderChart({ ...area, title: 'Cost by pool' }))]
    expect(one.length).toBeGreaterThan(0)
    expect(one.filter((id) => two.includes(id))).toEqual([])
  })

  it('says its title and takeaway to a screen reader and writes money on the axis and days short', () => {
    const svg = renderChart(area)
    expect(svg).toContain('<title>Cost by service</title><desc>EC2 costs most.</desc>')
    expect(svg).toContain('>$1.5K</text>')
    expect(svg).toContain('>Nov 23</text>')
  })

  it('shows hostile names as text', () => {
    const name = '<script>alert(1)</script>" onload="x'
    const svg = renderChart({
      ...area,
      title: name,
      description: name,
      series: [{ name, values: [1, 2, 3] }, area.series[1]!],
    })
    expect(svg).not.toContain('<script')
    expect(svg).not.toMatch(/<[^>]* onload="/)
  })

  it('draws the limit even when nothing comes near it', () => {
    const svg = renderChart({ ...area, kind: 'bar', limit: { label: 'Limit', value: 9000 } })
    expect(svg).toContain('Limit $9K')
    expect(svg).toContain('>$10K</text>')
  })

  it('gives "Other" the grey of no series', () => {
    expect(seriesColor(3, 'Other (12)')).toBe(seriesColor(0, 'Other'))
    expect(seriesColor(3, 'Other (12)')).not.toBe(seriesColor(3))
  })

  it('becomes a PNG of its size', () => {
    const png = new Resvg(renderChart({ ...area, width: 640, height: 300 }), {
      font: { loadSystemFonts: false },
    }).render()
    expect([png.width, png.height]).toEqual([640, 300])
  })

  it('of no data at all is still a drawing', () => {
    expect(renderChart({ ...area, categories: [], series: [] })).toMatch(/^<svg .*<\/svg>$/s)
  })
})
