import { html } from 'hono/html'
import { type Workspace } from './workspace.ts'

/** The empty page; `chat.js` fills it. `base` is where the page is mounted. */
export function chatShell(workspace: Workspace, base: string) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${workspace.team.name} · sandbox chat</title>
        <base href="${base}/" />
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="assets/chat.css" />
        <script type="module" src="assets/chat.js"></script>
      </head>
      <body>
        <a class="skip" href="${base}/#composer">Skip to the composer</a>
        <div class="app" id="app">
          <nav class="sidebar" id="sidebar" aria-label="Workspace"></nav>
          <main class="main" id="main" tabindex="-1"></main>
          <aside class="thread" id="thread" aria-label="Thread" hidden></aside>
        </div>
        <div id="layers"></div>
        <div class="toasts" id="toasts" role="status" aria-live="polite"></div>
        <noscript>This chat page needs JavaScript.</noscript>
      </body>
    </html>`
}
