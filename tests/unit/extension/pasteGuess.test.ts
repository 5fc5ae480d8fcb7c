import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskSecrets, secretsOf } from '../../../lib/channels/maskSecrets.ts'
import { cleanPaste, completesPair, type Guess, guess, guessUnasked, isReady } from '../../../lib/channels/pasteGuess.ts'

const telegram = '7204518893:AAHq7examplexexamplexexamplexxQ4'
const discord = 'MTAxMjM0NTY3ODkwMTIzNDU2.Gx3k_a.ex4mple-ex4mple_ex4mple'
const bot = 'xoxb-111-222-abcdefghij'
const app = 'xapp-1-A222-333-fedcba'

describe('what a pasted text is taken for', () => {
  const table: [rule: string, text: string, expected: Guess][] = [
    ['CON1', `telegram ${telegram}`, { kind: 'telegram', botToken: telegram }],
    ['CON1', `Telegram: ${telegram}`, { kind: 'telegram', botToken: telegram }],
    ['CON1', `TELEGRAM\n${telegram}\n`, { kind: 'telegram', botToken: telegram }],
    ['CON1', 'telegram anything goes', { kind: 'telegram', botToken: 'anything goes' }],
    ['CON1', 'discord: short', { kind: 'discord', botToken: 'short' }],
    ['CON1', `slack ${bot}`, { kind: 'slack', botToken: bot }],
    ['CON1', 'slack: legacy-token', { kind: 'slack', botToken: 'legacy-token' }],
    ['CON1', 'email not-an-address', { kind: 'email', userEmail: 'not-an-address', name: 'not-an-address' }],
    ['CON1', 'webhook ci', { kind: 'webhook', name: 'ci' }],
    ['CON1', 'Webhook:ci', { kind: 'webhook', name: 'ci' }],
    ['CON1', 'webhook nightly\n builds', { kind: 'webhook', name: 'nightly builds' }],
    ['CON1', 'webhook:', { kind: 'webhook', name: '' }],
    ['CON1', 'webhook "ci"', { kind: 'webhook', name: 'ci' }],
    ['CON1', `telegram: "${telegram}"`, { kind: 'telegram', botToken: telegram }],
    ['CON1', 'telegram:', { kind: 'unknown' }],
    ['CON1', 'slack ', { kind: 'unknown' }],
    ['CON2', telegram, { kind: 'telegram', botToken: telegram }],
    ['CON2', `123456:${'a'.repeat(30)}`, { kind: 'telegram', botToken: `123456:${'a'.repeat(30)}` }],
    ['CON2', `12345:${'a'.repeat(30)}`, { kind: 'unknown' }],
    ['CON2', `1234567890123:${'a'.repeat(30)}`, { kind: 'unknown' }],
    ['CON2', `123456:${'a'.repeat(29)}`, { kind: 'unknown' }],
    ['CON2', `123456:${'a'.repeat(30)}!`, { kind: 'unknown' }],
    ['CON3', discord, { kind: 'discord', botToken: discord }],
    ['CON3', `${'a'.repeat(20)}.abcd.${'b'.repeat(20)}`, { kind: 'discord', botToken: `${'a'.repeat(20)}.abcd.${'b'.repeat(20)}` }],
    ['CON3', `${'a'.repeat(19)}.abcd.${'b'.repeat(20)}`, { kind: 'unknown' }],
    ['CON3', `${'a'.repeat(20)}.abc.${'b'.repeat(20)}`, { kind: 'unknown' }],
    ['CON3', `${'a'.repeat(20)}.abcd.${'b'.repeat(20)}.c`, { kind: 'unknown' }],
    ['CON4', bot, { kind: 'slack', botToken: bot }],
    ['CON4', app, { kind: 'slack_app_only', appToken: app }],
    ['CON4', `slack: ${app}`, { kind: 'slack_app_only', appToken: app }],
    ['CON4', `${bot} ${app}`, { kind: 'slack', botToken: bot, appToken: app }],
    ['CON4', `${app}\n${bot}`, { kind: 'slack', botToken: bot, appToken: app }],
    ['CON4', `${app}${bot}`, { kind: 'slack', botToken: bot, appToken: app }],
    ['CON4', `slack ${app}, "${bot}"`, { kind: 'slack', botToken: bot, appToken: app }],
    ['CON4', 'xoxb-', { kind: 'unknown' }],
    ['CON5', 'ada@okafor.example', { kind: 'email', userEmail: 'ada@okafor.example', name: 'ada' }],
    ['CON5', 'a.b+c@x.example', { kind: 'email', userEmail: 'a.b+c@x.example', name: 'a-b-c' }],
    ['CON5', 'ada@okafor', { kind: 'unknown' }],
    ['CON5', 'ada@oka@for.example', { kind: 'unknown' }],
    ['CON5', 'ada okafor@x.example', { kind: 'unknown' }],
    ['CON5', 'a.b@nodot', { kind: 'unknown' }],
    ['CON6', 'webhook', { kind: 'webhook', name: '' }],
    ['CON6', ' WEBHOOK ', { kind: 'webhook', name: '' }],
    ['CON7', '', { kind: 'empty' }],
    ['CON7', ' \n"" ', { kind: 'empty' }],
    ['CON7', 'webhookfoo', { kind: 'unknown' }],
    ['CON7', 'telegram', { kind: 'unknown' }],
    ['CON7', 'https://discord.com/api', { kind: 'unknown' }],
    ['WIZ8', `  “${telegram}”\r\n`, { kind: 'telegram', botToken: telegram }],
    ['WIZ8', "'ada@okafor.example'", { kind: 'email', userEmail: 'ada@okafor.example', name: 'ada' }],
    ['WIZ4', 'email "+@x.example"', { kind: 'email', userEmail: '+@x.example', name: 'email' }],
  ]
  it.each(table)('client:%s %j', (_rule, text, expected) => {
    expect(guess(text)).toEqual(expected)
  })

  it('client:CON6 the word alone is a webhook without a name, ready to be added', () => {
    for (const text of ['webhook', 'Webhook', '\n webhook \n', '"webhook"']) {
      expect(guess(text)).toEqual({ kind: 'webhook', name: '' })
      expect(isReady(guess(text))).toBe(true)
    }
  })

  it('client:CON4 the two tokens of a Slack app may be pasted one after the other, in any order', () => {
    const completes = (before: string, pasted: string) => completesPair(guess(before), guess(pasted))
    expect(completes(app, bot)).toBe(true)
    expect(completes(bot, app)).toBe(true)
    expect(guess(`${bot} ${app}`)).toEqual(guess(`${app} ${bot}`))
    for (const [before, pasted] of [
      [bot, bot],
      [app, app],
      [`${bot} ${app}`, app],
      [`${bot} ${app}`, bot],
      [app, `${bot} ${app}`],
      [bot, telegram],
      [telegram, app],
      ['', app],
    ] as const)
      expect([before, pasted, completes(before, pasted)]).toEqual([before, pasted, false])
  })

  it('client:CON7 only a complete guess may be sent', () => {
    expect([telegram, discord, bot, 'a@b.c', 'webhook'].map((text) => isReady(guess(text)))).toEqual([true, true, true, true, true])
    expect(['', 'webhookfoo', app].map((text) => isReady(guess(text)))).toEqual([false, false, false])
  })

  it('client:CON7 never throws and never keeps surrounding white space, whatever is pasted', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.stringMatching(/^(slack|webhook|xoxb-|:|\s|"|@|\.|a)+$/)),
        (text) => {
          const result = guess(text)
          const values = Object.entries(result).filter(([key]) => key !== 'kind')
          for (const [, value] of values) expect(value).toBe(cleanPaste(value))
        },
      ),
    )
  })
})

describe('client:CON8 hiding what was pasted', () => {
  const masked = (text: string) => maskSecrets(text, guess(text))

  it('client:CON8 a token keeps only the ends that let a person recognise it', () => {
    expect(masked(telegram)).toBe('7204518893:AAH••••••••••xQ4')
    expect(masked(`telegram: ${telegram}`)).toBe('telegram: 7204518893:AAH••••••••••xQ4')
    expect(masked(discord)).toBe('MTA••••••••••ple')
    expect(masked(`${bot} ${app}`)).toBe('xoxb-111••••••••••hij xapp-1-A••••••••••cba')
  })

  it('client:CON8 a short secret is hidden whole', () => {
    expect(masked('telegram hunter2')).toBe('telegram ••••••••••')
  })

  it('client:CON8 addresses and names stay readable', () => {
    expect(masked('ada@okafor.example')).toBe('ada@okafor.example')
    expect(masked('webhook ci')).toBe('webhook ci')
  })

  it('client:CON8 no masked text contains its secret', () => {
    fc.assert(
      fc.property(fc.constantFrom('telegram', 'discord', 'slack'), fc.stringMatching(/^[A-Za-z0-9_-]{4,60}$/), (kind, token) => {
        const text = `${kind} ${token}`
        for (const secret of secretsOf(guess(text))) expect(masked(text)).not.toContain(secret)
      }),
    )
  })
})

describe('a text pasted where nobody asked for one', () => {
  const alike = [telegram, ` "${telegram}"\n`, `telegram: ${telegram}`, discord, `discord ${discord}`, bot, app, `${app}\n${bot}`]
  it.each([...alike, `slack ${bot} ${app}`, 'ada@example.com', 'email ada@example.com', 'webhook', 'webhook ci', 'webhook:ci'])(
    'client:ONB1 %j is what the paste box takes it for',
    (text) => {
      expect(guessUnasked(text)).toEqual(guess(text))
      expect(guessUnasked(text).kind).not.toBe('unknown')
    },
  )

  const prose = ['telegram group', 'Discord: see below', 'slack is down', 'email me', 'webhook calls are failing again', 'ci', '  ']
  it.each([...prose, `see ${telegram}`, 'mail ada@example.com please', 'telegram ada@example.com'])(
    'client:ONB1 %j is left alone',
    (text) => expect(guessUnasked(text)).toEqual({ kind: 'unknown' }),
  )
})
