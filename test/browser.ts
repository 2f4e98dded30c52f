import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { type TestContext } from 'vitest'

/** The Chromium of this machine: `CHROMIUM_PATH`, else Debian's. */
const path = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'

/**
 * Starts a headless browser for a test. Where there is none the test is skipped and says so; in the pipeline (`CI`) it
 * fails instead.
 */
export async function openBrowser(ctx: Pick<TestContext, 'skip'>): Promise<Browser> {
  if (!existsSync(path) && !process.env['CI']) ctx.skip(`There is no browser at ${path}; set CHROMIUM_PATH.`)
  return chromium.launch({
    executablePath: path,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
