import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { Clock } from '../../../clock.ts'
import { ConfigError } from '../../../config.ts'
import type { RateLimits } from '../../../http/route.ts'
import type { Log } from '../../../log.ts'
import type { SmtpIn } from '../../../smtpSettings.ts'
import type { Connection } from '../../port.ts'
import type { Mailroom } from '../mailroom.ts'
import { Refusal } from './answers.ts'
import { followCertificate, readCertificate } from './certificate.ts'
import { type Conversations, createConversations } from './conversations.ts'
import { createDeadlines } from './deadlines.ts'
import { createReaders } from './readers.ts'
import { createBudget } from './text.ts'

const MAX_CONNECTIONS = 100
/** A session has at most a hundred channels, and nobody writes to more at once. */
const MAX_RECIPIENTS = 100
const MAX_COMMAND_BYTES = 2_048
/** Between two bytes. */
const SILENCE_MS = 60_000
/** Texts in memory at once, in mails of the largest size. */
const TEXTS_HELD = 4
/** A mail that is being stored gets its answer; whoever talks on is cut off. */
const CLOSE_WITHIN_MS = 5_000

/** What nobody needs here: logging in above all. A server without users is nobody's relay. */
const DISABLED = ['AUTH', 'WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD', 'HELP']

/**
 * Takes mail by SMTP until closed. `domain` is what the relay calls itself, `nameServers` whom it asks for names (the system's when unset). Throws
 * ConfigError when it cannot listen or has no certificate. relay:EML8
 */
export async function startReceiver(relay: {
  settings: SmtpIn
  domain: string
  nameServers: readonly string[] | undefined
  mailroom: Mailroom
  limits: RateLimits
  clock: Clock
  log: Pick<Log, 'info' | 'error'>
}): Promise<Connection & { port: number }> {
  const { settings, domain, nameServers, mailroom, limits, clock, log } = relay
  const readers = createReaders({ settings: { mta: domain, ...(nameServers && { nameServers }) }, clock })
  const deadlines = createDeadlines({ clock, missed: (id) => hangUp(id, new Refusal('tooSlow')) })
  const budget = createBudget(TEXTS_HELD * settings.maxBytes)
  const conversations = createConversations({ mailroom, readers, limits, deadlines, budget, log })
  const server = new SMTPServer({
    name: domain,
    heloResponse: '%s',
    size: settings.maxBytes,
    ...(settings.tls ? readCertificate(settings.tls) : { hideSTARTTLS: true }),
    disabledCommands: settings.tls ? DISABLED : [...DISABLED, 'STARTTLS'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    maxClients: MAX_CONNECTIONS,
    maxRecipients: MAX_RECIPIENTS,
    maxCommandLength: MAX_COMMAND_BYTES,
    socketTimeout: SILENCE_MS,
    closeTimeout: CLOSE_WITHIN_MS,
    ...handlers(conversations),
  })
  // Of single connections: lost ones, handshakes that failed.
  server.on('error', () => {})

  function hangUp(id: string, { responseCode, message }: Refusal): void {
    for (const connection of server.connections) if (connection.id === id) connection.send(responseCode, message)
  }

  const port = await listen(server, settings)
  const stopFollowing = settings.tls && followCertificate(settings.tls, clock, (found) => server.updateSecureContext(found))
  log.info({ host: settings.host, port, starttls: settings.tls !== undefined }, 'mail is taken by SMTP')

  return {
    port,
    async close() {
      stopFollowing?.()
      const closed = new Promise<void>((resolve) => server.close(resolve))
      const stopping = new Refusal('stopping')
      for (const connection of [...server.connections])
        if (!connection._dataStream) connection.send(stopping.responseCode, stopping.message)
      await closed
      await readers.close()
    },
  }
}

/** smtp-server wants callbacks. */
function handlers({ greet, leave, sender, recipient, text, asRefusal }: Conversations) {
  const answer = (step: () => void | Promise<void>, callback: (error?: Error | null) => void) =>
    void Promise.resolve()
      .then(step)
      .then(
        () => callback(),
        (error) => callback(asRefusal(error)),
      )
  return {
    onConnect: (session, callback) => answer(() => greet(session), callback),
    onMailFrom: (_address, session, callback) => answer(() => sender(session), callback),
    onRcptTo: ({ address }, session, callback) => answer(() => recipient(address, session), callback),
    onData: (stream, session, callback) =>
      answer(
        () => text(stream, session),
        (error) => callback(error, '2.0.0 Stored'),
      ),
    onClose: (session) => leave(session),
  } satisfies ConstructorParameters<typeof SMTPServer>[0]
}

function listen(server: SMTPServer, { host, port }: SmtpIn): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => reject(new ConfigError([`CHAOS_SMTP_LISTEN: ${whyNot(error)}`]))
    server.server.once('error', failed)
    server.listen(port, host, () => {
      server.server.off('error', failed)
      resolve((server.server.address() as AddressInfo).port)
    })
  })
}

function whyNot({ code }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'the port is in use; stop the other mail server or choose another port'
  if (code === 'EACCES') return 'this port needs more rights; choose one above 1023 and have port 25 forwarded to it'
  return `cannot listen there (${code ?? 'unknown reason'})`
}
