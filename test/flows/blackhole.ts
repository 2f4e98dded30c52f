/** A door in front of a server that tests can close in unfriendly ways: refused, or silent without a word to either side. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export type Doorway = {
  port: number
  /** What passes from now on: everything; nothing at all, on open and on new connections; nothing on those that are open; or no connection is taken. */
  let: (passing: 'all' | 'none' | 'new' | 'refuse') => Promise<void>
  close: () => Promise<void>
}

/** Opens a door to whatever port `to` says when somebody comes. */
export async function doorway(to: () => number): Promise<Doorway> {
  const pairs = new Set<{ from: Socket; to: Socket; silent: boolean }>()
  let silent = false
  const server: Server = createServer((from) => {
    const pair = { from, to: connect(to(), '127.0.0.1'), silent }
    pairs.add(pair)
    const pass = (one: Socket, other: Socket) =>
      one
        .on('data', (bytes) => pair.silent || other.write(bytes))
        .on('error', () => {})
        // A silent door tells nobody that the other side has gone.
        .on('close', () => (pair.silent || other.destroy(), pairs.delete(pair)))
    pass(from, pair.to)
    pass(pair.to, from)
  })
  const cut = () => {
    for (const { from, to: other } of pairs) {
      from.destroy()
      other.destroy()
    }
  }
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    port,
    async let(passing) {
      silent = passing === 'none'
      if (passing === 'none' || passing === 'new') for (const pair of pairs) pair.silent = true
      if (passing === 'refuse') {
        server.close()
        cut()
      } else if (!server.listening) await listen(port)
    },
    async close() {
      server.close()
      cut()
    },
  }
}
