import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Another site on this machine: its name is localhost, which for a browser is not 127.0.0.1. It serves the page it is told. */
export async function startAttacker() {
  let page = ''
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end(`<!doctype html><title>prize</title><body>${page}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    serve(html: string): void {
      page = html
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
