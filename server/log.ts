import { type DestinationStream, destination, type Logger, pino } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { scrub } from './logScrub.ts'

export type Log = Logger
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** Members that would be secrets if a caller ever logged them by mistake. relay:LOG1 */
const NEVER_LOGGED = [
  'authorization',
  'apiKey',
  'token',
  'ticket',
  'secret',
  'password',
  'signature',
  'publicKey',
  'content',
  'query',
  'botToken',
  'pairingCode',
]

/**
 * The relay's log on stderr (stdout belongs to CLI1's line). Members named in NEVER_LOGGED are removed, and what looks like a credential inside
 * any text (an exception of a library that quotes its URL) is blanked before the line is written. relay:LOG1
 */
export function createLog(options: { level: LogLevel; format: 'text' | 'json'; to?: DestinationStream }): Log {
  const target = options.to ?? destination({ fd: 2, sync: true })
  const stream = options.format === 'json' ? target : asText(target)
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: NEVER_LOGGED.flatMap((name) => [name, `*.${name}`]), remove: true },
      hooks: { streamWrite: scrub },
    },
    stream,
  )
}

/** For people: `12:00:00 INFO: …` with members below. A line break inside a message must not begin what looks like another line. */
function asText(target: DestinationStream): DestinationStream {
  const format = prettyFactory({ colorize: false, messageFormat: (line, key) => oneLine(line[key]) })
  return { write: (line) => target.write(format(line)) }
}

function oneLine(message: unknown): string {
  return typeof message === 'string' ? message.replace(/\s*\n\s*/g, ' ') : ''
}

/** A log that says nothing, for tests. */
export function silentLog(): Log {
  return pino({ level: 'silent' })
}
