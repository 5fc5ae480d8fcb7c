import { afterEach, describe, expect, it } from 'vitest'
import { mailText, type ReceivingRelay, startReceivingRelay } from '../fakes/smtp/receiving.ts'

let email: ReceivingRelay
afterEach(() => email.close())

type File = { id: string; filename: string; mimeType: string; size: number; kind: string; role?: string }
type Message = { id: string; content: string; attachments?: File[]; metadata: Record<string, unknown> }

/** The message a mail becomes. */
async function received(raw: string | Uint8Array): Promise<Message> {
  email = await startReceivingRelay()
  const { inboundAddress } = await email.verifiedChannel()
  expect(await email.deliver(raw, inboundAddress)).toBe('250 2.0.0 Stored')
  const [message] = await email.messages()
  return message
}

/** Parts of a multipart mail, each with its header lines. */
const multipart = (type: string, parts: string[]) =>
  mailText(
    { 'MIME-Version': '1.0', 'Content-Type': `multipart/${type}; boundary=edge` },
    `${parts.map((part) => `--edge\n${part}\n`).join('')}--edge--`,
  )
const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\n')
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const bytesOf = async (message: Message, file: File | undefined) =>
  (await email.client.get(`/messages/${message.id}/attachments/${file?.id}`)).text

describe('what a mail by SMTP becomes', () => {
  it('relay:SAN3 relay:ATT3 HTML alone becomes text, and comes along as message.html', async () => {
    const html =
      '<head><title>x</title></head><p>One &amp; <b>two</b></p><script>alert(1)</script><a href="https://e.com">three</a>'
    const message = await received(mailText({ 'Content-Type': 'text/html; charset=utf-8' }, html))
    expect(message.content).toBe('Subject: Hello\n\nOne & two\n\nthree (https://e.com)')
    expect(message.attachments).toMatchObject([{ filename: 'message.html', mimeType: 'text/html', kind: 'file', role: 'html' }])
    expect(await bytesOf(message, message.attachments?.[0])).toBe(`${html}\n`)
  })

  it('relay:SAN3 relay:EML11 the text part is what is read where there is one, in its own character set', async () => {
    const text = `Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: base64\n\n${base64(Buffer.from('Grüße, <b>du</b>', 'latin1'))}`
    const message = await received(multipart('alternative', [text, 'Content-Type: text/html\n\n<p>Other</p>']))
    expect(message.content.trimEnd()).toBe('Subject: Hello\n\nGrüße, <b>du</b>')
    expect(message.attachments).toMatchObject([{ filename: 'message.html' }])
  })

  it('relay:ATT1 relay:ATT2 relay:ATT3 three files and the HTML are kept, attached ones first; the others are named', async () => {
    const file = (name: string, body: string | Uint8Array, type = 'application/octet-stream', more = '') =>
      `Content-Type: ${type}; name="${name}"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="${name}"\n${more}\n${base64(body)}`
    const message = await received(
      multipart('mixed', [
        'Content-Type: text/plain\n\nSee below',
        'Content-Type: text/html\n\n<p>See <i>below</i></p>',
        file('../../evil\u202e.png', PNG, 'text/html'),
        file('big.bin', Buffer.alloc(5 * 1024 * 1024 + 1)),
        file('two.txt', 'two', 'text/plain'),
        file('three.txt', 'three', 'text/plain'),
        file('four.txt', 'four', 'text/plain'),
      ]),
    )
    expect(message.attachments).toMatchObject([
      { filename: 'evil.png', kind: 'image', mimeType: 'image/png', size: PNG.length },
      { filename: 'two.txt', kind: 'file', mimeType: 'text/plain' },
      { filename: 'three.txt' },
      { filename: 'message.html', role: 'html' },
    ])
    expect(message.metadata.attachmentsOmitted).toMatchObject([
      { filename: 'big.bin', reason: 'larger than 5 MiB' },
      { filename: 'four.txt', reason: 'more than 3 files' },
    ])
    expect(await bytesOf(message, message.attachments?.[1])).toBe('two')
  })

  it('relay:ATT3 pictures of the layout are inside the HTML, and a forwarded mail is a file', async () => {
    const forwarded = `Content-Type: message/rfc822\n\n${mailText({ Subject: 'Inner' }, 'Inner text').replaceAll('\r', '')}`
    const related = [
      'Content-Type: multipart/related; boundary=inner\n\n--inner\nContent-Type: text/html\n\n<img src="cid:logo@x"><img src="cid:none">',
      `--inner\nContent-Type: image/png\nContent-ID: <logo@x>\nContent-Transfer-Encoding: base64\n\n${base64(PNG)}\n--inner--`,
    ].join('\n')
    const message = await received(multipart('mixed', [related, forwarded]))
    const html = await bytesOf(message, message.attachments?.at(-1))
    expect(html.trimEnd()).toBe(`<img src="data:image/png;base64,${PNG.toString('base64')}"><img src="cid:none">`)
    expect(message.content).not.toContain('Inner text')
    expect(message.attachments?.[0]).toMatchObject({ mimeType: 'message/rfc822' })
  })

  it('relay:ATT3 HTML beyond 1 MiB is named, its text kept', async () => {
    const message = await received(
      mailText({ 'Content-Type': 'text/html' }, `<p>Hi</p>${`<b></b>${' '.repeat(70)}\n`.repeat(14_000)}`),
    )
    expect(message.content).toBe('Subject: Hello\n\nHi')
    expect(message.attachments ?? []).toEqual([])
    expect(message.metadata.attachmentsOmitted).toMatchObject([{ filename: 'message.html', reason: 'larger than 1 MiB' }])
  })

  it('relay:EML11 of a very long text the beginning is kept, and the message says so', async () => {
    const message = await received(mailText({}, 'long line of text\n'.repeat(80_000)))
    expect(message.content).toHaveLength('Subject: Hello\n\n'.length + 1024 * 1024)
    expect(message.metadata.truncated).toBe(true)
  })

  it('relay:SAN1 relay:SAN2 controls, directions and broken characters are cleaned, signs are not', async () => {
    const subject = Buffer.from('a\u202eb\u0007c<d>\0').toString('base64')
    const message = await received(mailText({ Subject: `=?utf-8?B?${subject}?=` }, 'x\u0000y\u202ez <>&'))
    expect(message.metadata.subject).toBe('a\ufffdbc<d>')
    expect(message.content).toBe('Subject: a\ufffdbc<d>\n\nxy\ufffdz <>&\n')
  })
})
