import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The one stylesheet, read at start. */
export const style = readFileSync(new URL('./style.css', import.meta.url), 'utf8')

/** Changes with every change of the stylesheet, so browsers may keep it for good. */
export const styleVersion = createHash('sha256').update(style).digest('hex').slice(0, 10)

/** The icon of the site. */
export const favicon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#4f6df5"/><path d="M8 21.5v-6m5.3 6v-9m5.4 9v-4m5.3 4v-12" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>`
