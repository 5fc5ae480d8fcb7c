import { describe, expect, it } from 'vitest'
import { gate } from '../../../lib/approvals/gate.ts'
import { planAnswer } from '../../../lib/approvals/plan.ts'
import type { InboxMessage } from '../../../lib/inbox/model.ts'
import type { ChannelConfig } from '../../../lib/protocol/channel.ts'
import { answerMessage, approvalRow, channelOf } from './support/approvals.ts'

const telegram = channelOf('telegram', { allowedUsers: ['7'] })
const other = approvalRow({ id: '0123abcd' })

type Given = { rows?: ReturnType<typeof approvalRow>[]; channel?: ChannelConfig; now?: number; message?: Partial<InboxMessage> }
const plan = (content: string, { rows = [approvalRow()], channel = telegram, now = 120_000, message = {} }: Given = {}) => {
  const planned = planAnswer({ message: answerMessage(content, message), rows, channel, now })
  const ids = 'row' in planned ? [planned.row.id] : 'rows' in planned ? planned.rows.map(({ id }) => id) : []
  return [planned.do, ...('decision' in planned ? [planned.decision] : []), ...ids]
}

const DECIDED = ['decide', 'allow', 'k7m4px2q']
const email = (auth: unknown, allowedSenders: string[] = ['ada@a.example'], more: Record<string, unknown> = {}): Given => ({
  rows: [approvalRow({ asked: { ...approvalRow().asked, channelType: 'email' } as never })],
  channel: channelOf('email', { allowedSenders, ...more }),
  message: { channelType: 'email', metadata: { senderAddress: 'Ada@a.example', ...(auth !== undefined && { auth }) } },
})
const mail = 'Subject: Re: x\n\nyes'

describe('what is asked', () => {
  const caused = { channelId: 'c', conversation: '7' }
  it.each([
    ['off', 'write', 'mode_off'],
    ['off', 'read', 'mode_off'],
    ['writes', 'write', 'ask'],
    ['writes', 'read', 'only_reads'],
    ['all', 'write', 'ask'],
    ['all', 'read', 'ask'],
  ] as const)('client:APR1, APR2 in the mode %s a %s is: %s', (mode, kind, expected) => {
    expect(gate(mode, { ...caused, kind })).toBe(expected)
    expect(gate(mode, { channelId: 'c', kind })).toBe(expected)
    expect(gate(mode, { conversation: '7', kind })).toBe(expected)
  })

  it('client:APR3 what no message caused is asked in no mode', () => {
    for (const mode of ['off', 'writes', 'all'] as const) expect(gate(mode, { kind: 'write' })).toBe('not_caused')
  })
})

describe('what a message means for the requests', () => {
  it('client:APR7 a word with an id decides that one; a bare word the only one there is', () => {
    expect(plan('yes')).toEqual(DECIDED)
    expect(plan('no k7m4px2q')).toEqual(['decide', 'deny', 'k7m4px2q'])
    const rows = [approvalRow(), other]
    expect(plan('yes 0123abcd', { rows })).toEqual(['decide', 'allow', '0123abcd'])
    expect(plan('no', { rows })).toEqual(['list', 'k7m4px2q', '0123abcd'])
  })

  it('client:APR7, PRF4 requests of other conversations and channels are no reason to ask which one', () => {
    const rows = [
      approvalRow(),
      approvalRow({ id: '0123abcd', asked: { ...approvalRow().asked, conversationId: 'c:8' } as never }),
      approvalRow({ id: '1123abcd', channelId: 'd' }),
    ]
    expect(plan('yes', { rows })).toEqual(DECIDED)
    expect(plan('yes 0123abcd', { rows })).toEqual(['remind', 'k7m4px2q'])
  })

  it('client:APR9 more words get one reminder for what waits', () => {
    expect(plan('ok but not that file')).toEqual(['remind', 'k7m4px2q'])
    const reminded = approvalRow({ asked: { ...approvalRow().asked, reminded: true } as never })
    expect(plan('ok but not that file', { rows: [reminded] })).toEqual(['nothing'])
    expect(plan('ok but not that file', { rows: [reminded, other] })).toEqual(['remind', '0123abcd'])
    expect(plan('how are you?')).toEqual(['nothing'])
  })

  it('client:APR12 a late answer is told so, and a bare word only if it must have been meant', () => {
    expect(plan('yes k7m4px2q', { now: 400_000 })).toEqual(['late', 'k7m4px2q'])
    expect(plan('yes', { now: 400_000 })).toEqual(['late', 'k7m4px2q'])
    expect(plan('yes', { now: 800_000 })).toEqual(['nothing'])
    expect(plan('yes k7m4px2q', { now: 800_000 })).toEqual(['late', 'k7m4px2q'])
    const denied = approvalRow({ standing: { state: 'denied', by: 'timeout', decidedAt: 400_000 } })
    expect(plan('yes k7m4px2q', { rows: [denied], now: 500_000 })).toEqual(['late', 'k7m4px2q'])
  })

  it.each([
    ['used', { state: 'used', by: 'popup', decidedAt: 1 }],
    ['refused', { state: 'denied', by: 'telegram', decidedAt: 1 }],
    ['allowed and lapsed', { state: 'allowed', by: 'popup', decidedAt: 1 }],
    ['being told', { state: 'deciding', decision: 'deny', by: 'popup', decidedAt: 1 }],
  ] as const)('client:APR11, APR13 a yes said again to one that is %s decides nothing', (_name, standing) => {
    expect(plan('yes k7m4px2q', { rows: [approvalRow({ standing })] })).toEqual(['decided_before', 'k7m4px2q'])
    expect(plan('yes', { rows: [approvalRow({ standing })] })).toEqual(['nothing'])
  })
})

describe('who may answer', () => {
  const attacks: [string, Given][] = [
    ['somebody who is not in the list', { message: { metadata: { chatId: '7', senderId: '8' } } }],
    [
      'somebody without an id',
      { message: { metadata: { chatId: '7', senderId: '' } }, channel: channelOf('telegram', { allowedUsers: [''] }) },
    ],
    ['somebody who only calls themselves Ada', { message: { from: 'Ada', metadata: { chatId: '7' } } }],
    ['a list that lets in everybody', { channel: channelOf('telegram', { allowedUsers: ['*'] }) }],
    ['a sender called *', { channel: channelOf('telegram', { allowedUsers: ['*'] }), message: { metadata: { senderId: '*' } } }],
    ['a list that cannot be read', { channel: channelOf('telegram', { allowedUsers: '7' }) }],
    ['a mail without a verdict', email(undefined)],
    ['a mail of unknown origin', email('unknown')],
    ['a mail that failed DMARC', email({ spf: 'pass', dkim: 'pass', dmarc: 'fail', aligned: false })],
    ['a mail with SPF of another domain', email({ spf: 'pass', dkim: 'none', dmarc: 'none', aligned: false })],
    ['a verdict in words', email({ dmarc: 'PASS', aligned: 'true' })],
    ['a mail let in by its domain', email({ dmarc: 'pass', aligned: true }, ['@a.example'])],
    ['a mail let in with all others', email({ dmarc: 'pass', aligned: true }, ['*'])],
    ['a proven mail of somebody else', email({ dmarc: 'pass', aligned: true }, ['eve@a.example'])],
  ]
  it.each(attacks)('client:APR10 not %s', (_name, given) => {
    const content = given.message?.channelType === 'email' ? mail : 'yes'
    expect(plan(content, given)[0]).toBe('ignore')
    expect(plan(content.replace('yes', 'yes k7m4px2q'), given)[0]).toBe('ignore')
    expect(plan(content.replace('yes', 'yes but later'), given)).toEqual(['nothing'])
  })

  const elsewhere: [string, Partial<InboxMessage>][] = [
    ['in another conversation', { conversationId: 'c:8', metadata: { chatId: '8', senderId: '7' } }],
    ['in another channel', { channelId: 'd' }],
    ['before it was asked, by position', { seq: 10 }],
    ['before it was asked, by time', { at: 99_999 }],
    ['to a relay of another time', { epoch: 'e2' }],
  ]
  it.each(elsewhere)('client:APR10 nothing that was said %s', (_name, message) => {
    expect(plan('yes', { message })).toEqual(['nothing'])
    expect(plan('yes k7m4px2q', { message })).toEqual(['nothing'])
  })

  it('client:APR10 nobody over a channel that is gone, or has become a webhook', () => {
    expect(planAnswer({ message: answerMessage('yes'), rows: [approvalRow()], channel: undefined, now: 120_000 })).toEqual({
      do: 'nothing',
    })
    expect(plan('yes', { channel: channelOf('webhook', { allowedUsers: ['7'] }), message: { channelType: 'webhook' } })).toEqual([
      'ignore',
      'k7m4px2q',
    ])
  })

  it('client:APR10 a named sender whose mail is proven may, and the owner where no list is kept', () => {
    expect(plan(mail, email({ dmarc: 'pass', aligned: false }))).toEqual(DECIDED)
    expect(plan(mail, email({ dmarc: 'none', aligned: true }, [' ADA@a.example ']))).toEqual(DECIDED)
    expect(plan(mail, email({ dmarc: 'pass', aligned: true }, ['@a.example', 'ada@a.example']))).toEqual(DECIDED)
    expect(plan(mail, email({ dmarc: 'pass', aligned: true }, [], { userEmail: 'ada@a.example' }))).toEqual(DECIDED)
    expect(plan(mail, email({ dmarc: 'pass', aligned: true }, [], { userEmail: 'eve@a.example' }))[0]).toBe('ignore')
  })

  it('client:APR10 an old message edited into a yes counts only with the id', () => {
    const message = { metadata: { chatId: '7', senderId: '7', edited: true } }
    expect(plan('yes', { message })).toEqual(['nothing'])
    expect(plan('yes k7m4px2q', { message })).toEqual(DECIDED)
  })
})
