import { connect } from 'node:net'

/** What a socket said until the relay closed it, or until `until` occurred in it. */
export function rawExchange(url: string, parts: readonly (string | Buffer)[], until?: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let text = ''
    const done = () => {
      socket.destroy()
      resolve(text)
    }
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (until !== undefined && text.includes(until)) done()
    })
    socket.on('error', reject)
    socket.on('close', done)
    socket.on('connect', () => {
      for (const part of parts) socket.write(part)
    })
  })
}
