/** Pictures of charts, for what Slack's own chart cannot hold: our SVG as PNG, with a font we bring. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import { renderChart, type ChartSpec } from '../engine/spend/chart.ts'

const fonts = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf')

/** The chart as a PNG, three times as sharp as its size says. The machine's fonts are not asked, so it looks the same everywhere. */
export function pngOf(spec: ChartSpec): Buffer {
  const drawn = new Resvg(renderChart(spec), {
    fitTo: { mode: 'zoom', value: 3 },
    font: {
      loadSystemFonts: false,
      fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => join(fonts, file)),
      defaultFontFamily: 'DejaVu Sans',
    },
  })
  return drawn.render().asPng()
}

/** Uploads the chart for an image block; null when Slack does not take it: the answer goes without a picture then. */
export async function uploadChart(client: WebClient, spec: ChartSpec, log: Logger): Promise<string | null> {
  try {
    const name = 'chart.png'
    const answer = await client.filesUploadV2({ file: pngOf(spec), filename: name, title: spec.title ?? name })
    const [group] = (answer as { files?: { files?: { id?: string }[] }[] }).files ?? []
    return group?.files?.[0]?.id ?? null
  } catch (error) {
    log.warn({ err: error }, 'a chart was not uploaded')
    return null
  }
}
