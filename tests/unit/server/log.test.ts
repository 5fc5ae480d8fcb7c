import { describe, expect, it } from 'vitest'
import { createLog } from '../../../server/log.ts'
import { createLogLines } from '../../support/logLines.ts'

describe('log', () => {
  it('relay:LOG1 credentials inside an exception’s text are blanked', () => {
    const secrets = [
      '123456789:AAF-abcdefghijklmnopqrstuvwxyz012345',
      'chaos_abcdefghijklmnopqrstuvwxyz012345',
      'ticket.abcdefghijklmnopqrstuvwxyz012345',
      're_12345678_abcdefgh',
      'xoxb-1234567890-abcdefghij',
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'a1b2c3d4e5-the-query',
      'MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789',
      'aW50ZXJhY3Rpb24tdG9rZW4',
    ]
    const lines = createLogLines()
    lines.log.error({
      err: new Error(`GET https://api.telegram.org/bot${secrets[0]}/getMe failed`, { cause: new Error(secrets[1]) }),
    })
    lines.log.info(`Authorization: Bearer ${secrets[1]} and "${secrets[2]}" (${secrets[3]}, ${secrets[4]}, ${secrets[5]})`)
    lines.log.warn({ url: `http://127.0.0.1:8787/webhook/abc?token=${secrets[6]}` }, `at /ws?token=${secrets[6]}`)
    lines.log.warn(`POST https://discord.com/api/v10/webhooks/123/${secrets[8]} as Bot ${secrets[7]} failed`)
    for (const secret of secrets) expect(lines.text()).not.toContain(secret)
    expect(lines.text()).toContain('api.telegram.org')
    expect(lines.text()).toContain('http://127.0.0.1:8787/webhook/abc?[hidden]')
    expect(lines.parsed()).toHaveLength(4)
  })

  it('relay:LOG1 members that are secrets are never written, also one level down', () => {
    const lines = createLogLines()
    lines.log.info({
      botToken: 'one',
      request: { authorization: 'two', apiKey: 'three' },
      content: 'four',
      secret: 'five',
      kept: 'six',
    })
    expect(lines.text()).not.toMatch(/one|two|three|four|five/)
    expect(lines.parsed()[0]).toMatchObject({ kept: 'six' })
  })

  it('relay:LOG1 line breaks and escapes in what strangers send stay inside their line', () => {
    const lines = createLogLines()
    lines.log.info({ path: '/a\r\n{"level":50}\u001b[31m' }, 'x\ny')
    expect(lines.text().trim().split('\n')).toHaveLength(1)
    const text: string[] = []
    const log = createLog({ level: 'info', format: 'text', to: { write: (line: string) => void text.push(line) } })
    log.info({ requestId: 'r1' }, 'hello\n[00:00:00.000] ERROR: forged\u001b[2J\r\\u001b')
    expect(text.join('')).toMatch(/^\[.*\] INFO: hello \[00:00:00.000\] ERROR: forged\[2J\\u001b\n {4}requestId: "r1"\n$/)
    log.info('back at token=? and /x?y=1')
    expect(text.at(-1)).toContain('/x?[hidden]')
  })
})
