/** The frame around every page: navigation, who is signed in, the line left by the last action, how fresh the costs are. */
import type { Context as Request } from 'hono'
import { html } from 'hono/html'
import { dayOf } from '../engine/time.ts'
import type { Flash, View, WebEnv } from './env.ts'
import { link, quiet, sayDay, type Content, type Html } from './parts.ts'
import { styleVersion } from './style.ts'

const places = [
  ['/', 'Home', 'M3 11.5 12 4l9 7.5M5.5 9.8V20h13V9.8'],
  ['/spend', 'Spend', 'M4 20V10m6 10V4m6 16v-8m5 8H3'],
  ['/resources', 'Resources', 'M4 6.5 12 3l8 3.5v11L12 21l-8-3.5zM4 6.5l8 3.5 8-3.5M12 10v11'],
  ['/pools', 'Pools', 'M12 3v5m-6 5V8h12v5M3 13h6v7H3zm12 0h6v7h-6z'],
  ['/rules', 'Rules', 'M4 5h16l-6 8v6l-4-2v-4z'],
  [
    '/savings',
    'Savings',
    'M12 3v18m4-14.5C15 5 13.6 4.6 12 4.6c-2.2 0-4 1.2-4 3.2 0 4.6 8.4 2.6 8.4 7.4 0 2.2-2 3.4-4.4 3.4-1.9 0-3.6-.7-4.4-2.2',
  ],
  ['/environments', 'Environments', 'M4 5h16v15H4zM4 9.5h16M8 3v4m8-4v4'],
  ['/power', 'Power', 'M12 3v9M6.8 6.8a7.4 7.4 0 1 0 10.4 0'],
  ['/accounts', 'Accounts', 'M7 18a4.5 4.5 0 0 1-.5-8.97A6 6 0 0 1 18 10.5 3.8 3.8 0 0 1 17.5 18z'],
  [
    '/people',
    'People',
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M16 4.4a3.5 3.5 0 0 1 0 6.4M18 14.6a6.5 6.5 0 0 1 3.5 5.4',
  ],
  ['/events', 'Audit', 'M5 4h14v17l-3.5-2-3.5 2-3.5-2L5 21zM8.5 9h7m-7 4h7'],
] as const

export type PageOptions = {
  /** Where the page is: links from the outside in. */
  trail?: [href: string, name: string][]
  /** A line below the title. */
  lead?: Content
  /** Buttons beside the title. */
  actions?: Content
  /** Seconds until the browser asks again, for things that move by themselves; never where somebody may be filling in a form. */
  refresh?: number | undefined
}

/** Answers with a page of the signed-in site. */
export function show(
  c: Request<WebEnv>,
  title: string,
  body: Content,
  options: PageOptions = {},
): Response | Promise<Response> {
  const view = c.get('view')
  const trail = options.trail ?? []
  return c.html(
    documentOf(`${title} · ${view.organization.name}`, {
      refresh: options.refresh,
      body: html`<a class="skip" href="#main">Skip to the content</a>
        ${sidebar(view)}
        <main id="main">
          ${trail.length ? html`<nav class="trail" aria-label="Where you are">${trail.map(([href, name]) => link(href, name))}</nav>` : ''}
          <div class="headline">
            <div>
              <h1>${title}</h1>
              ${options.lead ? html`<p class="lead">${options.lead}</p>` : ''}
            </div>
            ${options.actions ? html`<div class="actions">${options.actions}</div>` : ''}
          </div>
          ${view.flash ? flashLine(view.flash) : ''} ${body}
          <footer>${quiet(freshness(view))}</footer>
        </main>`,
    }),
  )
}

function sidebar(view: View): Html {
  const here = view.path.split('?')[0]!
  const current = (href: string) => (href === '/' ? here === '/' : here === href || here.startsWith(`${href}/`))
  const item = ([href, name, icon]: (typeof places)[number]) =>
    html`<li>
      <a href="${href}" ${current(href) ? html` aria-current="page"` : ''}>${drawing(icon)}<span>${name}</span></a>
    </li>`
  return html`<header class="side">
    <a class="brand" href="/"
      >${mark}<span>MegaOps <b>FinOps</b></span></a
    >
    <nav aria-label="Main">
      <ul>
        ${places.map(item)}
      </ul>
    </nav>
    <div class="who">
      <p><b>${view.person.name}</b><br />${view.organization.name}</p>
      <form method="post" action="/sign-out">
        <input type="hidden" name="csrf" value="${view.csrf}" /><button class="quiet-button">Sign out</button>
      </form>
    </div>
  </header>`
}

const drawing = (path: string): Html =>
  html`<svg
    viewBox="0 0 24 24"
    width="20"
    height="20"
    aria-hidden="true"
    fill="none"
    stroke="currentColor"
    stroke-width="1.7"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    <path d="${path}" />
  </svg>`

const mark = html`<svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
  <rect width="32" height="32" rx="9" fill="#4f6df5" />
  <path d="M8 21.5v-6m5.3 6v-9m5.4 9v-4m5.3 4v-12" stroke="#fff" stroke-width="3" stroke-linecap="round" />
</svg>`

function flashLine({ tone, text, next }: Flash): Html {
  return html`<div class="flash ${tone}" role="${tone === 'bad' ? 'alert' : 'status'}">
    <p>${text}</p>
    ${next ? html`<p class="next">${next}</p>` : ''}
  </div>`
}

/** How fresh the costs are, and on whose clock the times are. */
function freshness({ through, organization, person: { zone } }: View): string {
  const clock = `Times are in ${zone}.`
  if (!through) return `No billing data yet. ${clock}`
  return `Costs are effective costs in ${organization.currency}: commitments are spread over the days that used them. Billing data through ${sayDay(dayOf(through))}; the last days may still grow. ${clock}`
}

/** A page outside the signed-in site: sign-in, errors. */
export function plainPage(title: string, body: Content): Html {
  return documentOf(title, {
    body: html`<main id="main" class="alone">
      <a class="brand" href="/"
        >${mark}<span>MegaOps <b>FinOps</b></span></a
      >${body}
    </main>`,
  })
}

/** A page that says what went wrong, what did not change and what to do next. */
export function errorPage(
  view: View | undefined,
  say: { title: string; text: string; next?: string | undefined },
): Html {
  const home = view ? link('/', 'Go to the start page') : ''
  return plainPage(
    say.title,
    html`<h1>${say.title}</h1>
      <p>${say.text}</p>
      ${say.next ? html`<p class="next">${say.next}</p>` : ''}
      <p>${home}</p>`,
  )
}

function documentOf(title: string, { body, refresh }: { body: Content; refresh?: number | undefined }): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${refresh ? html`<meta http-equiv="refresh" content="${refresh}" />` : ''}
        <title>${title}</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/style.css?${styleVersion}" />
      </head>
      <body>
        ${body}
      </body>
    </html>`
}
