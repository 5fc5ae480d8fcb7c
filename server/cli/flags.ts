import type { ArgsDef } from 'citty'
import type { ConfigOverrides } from '../config.ts'

export const dataDirFlag = {
  'data-dir': { type: 'string', description: 'Where the relay keeps its data (CHAOS_DATA_DIR)', valueHint: 'directory' },
} satisfies ArgsDef

/** What `serve` takes, and whatever starts it. */
export const serveFlags = {
  host: { type: 'string', description: 'Address to listen on (CHAOS_HOST)', valueHint: 'address' },
  port: { type: 'string', description: 'Port to listen on, 0 for any free one (PORT)', valueHint: 'port' },
  ...dataDirFlag,
  'accept-key-loss': { type: 'boolean', description: 'Start although the encryption key is lost: bots must be connected again' },
} satisfies ArgsDef

type Given = {
  host?: string | undefined
  port?: string | undefined
  'data-dir'?: string | undefined
  'accept-key-loss'?: boolean | undefined
}

export function overridesOf(given: Given): ConfigOverrides {
  return {
    ...(given.host !== undefined && { host: given.host }),
    ...(given.port !== undefined && { port: given.port }),
    ...(given['data-dir'] !== undefined && { dataDir: given['data-dir'] }),
    acceptKeyLoss: given['accept-key-loss'] === true,
  }
}

/** The same flags on another command line. */
export function serveArgs({ host, port, dataDir, acceptKeyLoss }: ConfigOverrides): string[] {
  return [
    ...(host === undefined ? [] : [`--host=${host}`]),
    ...(port === undefined ? [] : [`--port=${port}`]),
    ...(dataDir === undefined ? [] : [`--data-dir=${dataDir}`]),
    ...(acceptKeyLoss ? ['--accept-key-loss'] : []),
  ]
}
