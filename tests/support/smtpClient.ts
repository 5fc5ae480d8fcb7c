import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { connect as connectTls, type TLSSocket } from 'node:tls'

export type SmtpClient = Awaited<ReturnType<typeof openSmtp>>

/** A bare SMTP conversation with a server on this machine, for saying what no mail program would. `first` is said before the greeting. */
export async function openSmtp(port: number, { from = '127.0.0.1', first = '' }: { from?: string; first?: string } = {}) {
  const replies: string[] = []
  const waiting: (() => void)[] = []
  let closed = false
  const wake = () => {
    for (const resume of waiting.splice(0)) resume()
  }
  let socket: Socket | TLSSocket = connect({ port, host: '127.0.0.1', localAddress: from })

  function listen(): void {
    let lines: string[] = []
    const reader = createInterface({ input: socket })
    // It passes on what happens to the socket.
    reader.on('error', () => {})
    reader.on('line', (line) => {
      lines.push(line)
      if (/^\d{3}-/.test(line)) return
      replies.push(lines.join('\n'))
      lines = []
      wake()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      closed = true
      wake()
    })
  }

  /** The next answer, lines of a long one joined; `closed` when there is none to come. */
  async function reply(): Promise<string> {
    while (replies.length === 0 && !closed) await new Promise<void>((resolve) => waiting.push(resolve))
    return replies.shift() ?? 'closed'
  }

  function write(text: string | Uint8Array): void {
    socket.write(text)
  }

  /** Says a line and hears the answer. */
  function say(line: string): Promise<string> {
    write(`${line}\r\n`)
    return reply()
  }

  listen()
  if (first) write(first)
  const greeting = await reply()

  return {
    greeting,
    reply,
    write,
    say,
    /** Resolves with every answer of its kind once the server has ended the conversation. */
    async ended(): Promise<string[]> {
      while (!closed) await new Promise<void>((resolve) => waiting.push(resolve))
      return replies.splice(0)
    },
    /** The answers to EHLO, MAIL, RCPT for each recipient, and DATA; the last refusal ends it. */
    async begin(mailFrom: string, ...rcptTo: string[]): Promise<string[]> {
      const answers: string[] = []
      for (const line of ['EHLO client.example', `MAIL FROM:<${mailFrom}>`, ...rcptTo.map((to) => `RCPT TO:<${to}>`)])
        answers.push(await say(line))
      return answers
    },
    /** Hands over a text after `begin`; the answer to it. Dots are stuffed here. */
    async text(raw: string | Uint8Array): Promise<string> {
      const ready = await say('DATA')
      if (!ready.startsWith('354')) return ready
      const text = Buffer.from(raw)
        .toString('latin1')
        .replace(/(^|\r\n)\./g, '$1..')
      write(Buffer.from(`${text}${text.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1'))
      return reply()
    },
    /** From here on encrypted; what the certificate says is told. */
    async startTls(): Promise<{ answer: string; subject?: string }> {
      const answer = await say('STARTTLS')
      if (!answer.startsWith('220')) return { answer }
      socket.removeAllListeners()
      const secure = connectTls({ socket, rejectUnauthorized: false })
      await new Promise<void>((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject))
      socket = secure
      listen()
      return { answer, subject: String(secure.getPeerCertificate().subject.CN) }
    },
    close: () => void socket.destroy(),
  }
}
