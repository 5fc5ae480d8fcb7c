import { createServer, type Socket } from 'node:net'
import { type SecureContext, TLSSocket } from 'node:tls'
import { createQueue } from '../queue.ts'

/** One mail as it came over the wire, dots unstuffed. */
export type WireMail = { mailFrom: string; rcptTo: string[]; raw: string; secure: boolean; user?: string }

/** Where an answer can be replaced. `sent` is the answer to the whole text. */
export type Stage = 'greeting' | 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'sent'

/** What happens once instead: an answer, or the connection ends. After `take…` the mail was taken, and the answer never comes. */
export type SmtpFault = string | 'drop' | 'takeAndDrop' | 'takeAndWait'

type Options = { secureContext?: SecureContext; credentials?: { user: string; password: string } }

export type FakeMailServer = Awaited<ReturnType<typeof startMailServer>>

/** A mail server on loopback that takes everything, unless told otherwise, written for the tests from RFC 5321. */
export async function startMailServer({ secureContext, credentials }: Options = {}) {
  const mails = createQueue<WireMail>()
  const faults: { stage: Stage; fault: SmtpFault }[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    converse(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0

  function converse(plain: Socket): void {
    let socket = plain
    let user: string | undefined
    let mail: WireMail | undefined
    let inText = false
    let buffered = ''

    /** Sends the answer of a stage, or what was ordered instead. True when the stage went well. */
    function answer(stage: Stage, usual: string): boolean {
      const index = faults.findIndex((fault) => fault.stage === stage)
      const fault = index === -1 ? undefined : faults.splice(index, 1)[0]?.fault
      if (fault === undefined) {
        socket.write(`${usual}\r\n`)
        return true
      }
      if (fault.startsWith('take') && mail) mails.put(mail)
      if (fault === 'takeAndWait') return false
      if (fault === 'drop' || fault === 'takeAndDrop') socket.destroy()
      else socket.write(`${fault}\r\n`)
      return false
    }

    function command(line: string): void {
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'EHLO') {
        const offers = [secureContext && !(socket instanceof TLSSocket) && 'STARTTLS', credentials && 'AUTH PLAIN', '8BITMIME']
        answer(
          'ehlo',
          ['fake', ...offers.filter(Boolean)].map((offer, at, all) => `250${at < all.length - 1 ? '-' : ' '}${offer}`).join('\r\n'),
        )
      } else if (line.toUpperCase() === 'STARTTLS') {
        if (!secureContext) return void socket.write('502 no\r\n')
        socket.write('220 go ahead\r\n')
        plain.removeAllListeners('data')
        socket = new TLSSocket(plain, { isServer: true, secureContext })
        socket.on('data', read).on('error', () => {})
      } else if (verb === 'AUTH') {
        const [, name = '', password = ''] = Buffer.from(line.slice(11), 'base64').toString('utf8').split('\0')
        const right = name === credentials?.user && password === credentials.password
        if (right) user = name
        answer('auth', right ? '235 welcome' : '535 5.7.8 wrong user or password')
      } else if (verb === 'MAIL') {
        if (answer('mail', '250 ok'))
          mail = {
            mailFrom: inBrackets(line),
            rcptTo: [],
            raw: '',
            secure: socket instanceof TLSSocket,
            ...(user !== undefined && { user }),
          }
      } else if (verb === 'RCPT') {
        if (answer('rcpt', '250 ok')) mail?.rcptTo.push(inBrackets(line))
      } else if (verb === 'DATA') inText = answer('data', '354 go ahead')
      else if (verb === 'QUIT') socket.end('221 bye\r\n')
      else socket.write('250 ok\r\n')
    }

    function read(chunk: Buffer): void {
      buffered += chunk.toString('latin1')
      for (;;) {
        if (inText) {
          const end = buffered.startsWith('.\r\n') ? 0 : buffered.indexOf('\r\n.\r\n')
          if (end === -1) return
          const text = end === 0 ? '' : buffered.slice(0, end + 2)
          buffered = buffered.slice(end === 0 ? 3 : end + 5)
          inText = false
          if (mail) mail.raw = Buffer.from(text.replace(/^\./gm, ''), 'latin1').toString('utf8')
          if (answer('sent', '250 taken') && mail) mails.put(mail)
        } else {
          const end = buffered.indexOf('\r\n')
          if (end === -1) return
          const line = buffered.slice(0, end)
          buffered = buffered.slice(end + 2)
          command(line)
        }
      }
    }

    socket.on('data', read)
    answer('greeting', '220 fake ESMTP')
  }

  return {
    port,
    /** Every mail that was taken, in order. */
    mails,
    /** The next time a stage is reached, this happens instead. */
    next: (stage: Stage, fault: SmtpFault) => void faults.push({ stage, fault }),
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function inBrackets(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? ''
}
