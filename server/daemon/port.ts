import { createServer } from 'node:net'

/** Whether one can listen there now. Anything but "in use" is left to the relay, which says it better. remote:CLI3 */
export function isPortFree({ port, host }: { port: number; host: string }): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
  server.once('error', (error) => resolve(!('code' in error) || error.code !== 'EADDRINUSE'))
  server.listen(port, host, () => server.close(() => resolve(true)))
  return promise
}
