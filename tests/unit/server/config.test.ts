import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../../server/config.ts'
import { defaultDataDirectory } from '../../../server/dataDirectory.ts'

function problems(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('configuration', () => {
  it('relay:CLI1 without any variable the documented defaults hold', () => {
    expect(readConfig({ HOME: '/home/me' })).toMatchObject({
      port: 8787,
      host: '127.0.0.1',
      trustProxy: false,
      strictRegister: false,
      responsesPublic: true,
      rateLimits: {},
      retentionDays: 30,
      retentionMessages: 100_000,
      maxBodyBytes: 1_048_576,
      maxSocketsPerUser: 5,
      acceptKeyLoss: false,
      email: { unsigned: false },
      apiRoots: { telegram: 'https://api.telegram.org', discord: 'https://discord.com/api', resend: 'https://api.resend.com' },
      logLevel: 'info',
      logFormat: 'text',
    })
  })

  it('relay:CLI1 flags win over variables, and an empty variable is unset', () => {
    const env = { PORT: '1', CHAOS_HOST: '0.0.0.0', CHAOS_DATA_DIR: '/a', CHAOS_PUBLIC_URL: '', LOG_LEVEL: '' }
    expect(readConfig(env)).toMatchObject({ port: 1, host: '0.0.0.0', dataDir: '/a', logLevel: 'info' })
    expect(readConfig(env)).not.toHaveProperty('publicUrl')
    expect(readConfig(env, { port: '0', host: '::1', dataDir: '/b' })).toMatchObject({ port: 0, host: '::1', dataDir: '/b' })
    expect(readConfig({ CHAOS_DATA_DIR: ':memory:' }).dataDir).toBe(':memory:')
  })

  it('relay:CLI1 the data lies where the user’s applications keep theirs', () => {
    expect(defaultDataDirectory({ XDG_DATA_HOME: '/x' }, 'linux')).toBe('/x/chaos-relay')
    expect(defaultDataDirectory({}, 'linux')).toMatch(/\/\.local\/share\/chaos-relay$/)
    expect(defaultDataDirectory({}, 'darwin')).toMatch(/Library\/Application Support\/chaos-relay$/)
    expect(defaultDataDirectory({ LOCALAPPDATA: '/l' }, 'win32')).toBe('/l/chaos-relay')
  })

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80a'],
    ['PORT', '8787.5'],
    ['PORT', ' 1'],
    ['CHAOS_HOST', 'http://x'],
    ['CHAOS_HOST', 'a b'],
    ['CHAOS_PUBLIC_URL', 'relay.example'],
    ['CHAOS_PUBLIC_URL', 'ftp://relay.example'],
    ['CHAOS_PUBLIC_URL', 'https://relay.example/?a=1'],
    ['CHAOS_PUBLIC_URL', 'https://me:secret@relay.example'],
    ['CHAOS_TRUST_PROXY', 'yes'],
    ['CHAOS_STRICT_REGISTER', '2'],
    ['CHAOS_LOCAL_TRUST', 'yes'],
    ['CHAOS_DAEMON_INSTANCE', 'short'],
    ['CHAOS_RESPONSES_PUBLIC', 'off'],
    ['CHAOS_RATE_LIMITS', 'reply=30'],
    ['CHAOS_RATE_LIMITS', '[]'],
    ['CHAOS_RATE_LIMITS', '{"replies":{"limit":1,"windowSec":1}}'],
    ['CHAOS_RATE_LIMITS', '{"reply":{"limit":-1,"windowSec":1}}'],
    ['CHAOS_RATE_LIMITS', '{"reply":{"limit":1.5,"windowSec":1}}'],
    ['CHAOS_RATE_LIMITS', '{"reply":{"limit":1}}'],
    ['CHAOS_RATE_LIMITS', '{"reply":{"limit":1,"windowSec":0}}'],
    ['CHAOS_RETENTION_DAYS', '0'],
    ['CHAOS_RETENTION_MESSAGES', 'many'],
    ['CHAOS_MAX_BODY_BYTES', '0'],
    ['WS_MAX_CONN_PER_USER', '0'],
    ['CHAOS_ADMIN_KEY', 'short'],
    ['CHAOS_ENCRYPTION_KEY', 'short'],
    ['CHAOS_EMAIL_DOMAIN', 'me@example.org'],
    ['CHAOS_SMTP_LISTEN', '25'],
    ['CHAOS_SMTP_LISTEN', '127.0.0.1:65536'],
    ['CHAOS_SMTP_LISTEN', '::1:25'],
    ['CHAOS_SMTP_LISTEN', '127.0.0.1:25'],
    ['CHAOS_SMTP_TLS_CERT', '/cert.pem'],
    ['CHAOS_SMTP_TLS_KEY', '/key.pem'],
    ['CHAOS_SMTP_MAX_BYTES', '1000'],
    ['CHAOS_SMTP_MAX_BYTES', '25MB'],
    ['CHAOS_SMTP_OUT_URL', 'mail.example.org'],
    ['CHAOS_SMTP_OUT_URL', 'https://mail.example.org'],
    ['CHAOS_SMTP_OUT_URL', 'smtp://relay@mail.example.org'],
    ['CHAOS_SMTP_OUT_URL', 'smtp://mail.example.org/path'],
    ['CHAOS_SMTP_OUT_URL', 'smtp://mail.example.org?tls=never'],
    ['CHAOS_SMTP_OUT_URL', 'smtps://mail.example.org?tls=optional'],
    ['CHAOS_SMTP_OUT_URL', 'smtp://a:%zz@mail.example.org'],
    ['CHAOS_TELEGRAM_API_ROOT', '127.0.0.1:1'],
    ['CHAOS_RESEND_API_ROOT', 'x'],
    ['CHAOS_NATS_URL', 'nats://127.0.0.1'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
  ])('relay:ENV1 %s=%s is refused, naming the variable and why, not the value', (name, value) => {
    const found = problems({ [name]: value })
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(new RegExp(`^${name}: .{8,}`))
    if (value.length > 3) expect(found[0]?.slice(name.length)).not.toContain(value)
  })

  it('relay:ENV1 every wrong variable is named at once', () => {
    expect(problems({ PORT: 'x', LOG_LEVEL: 'x', CHAOS_HOST: '/' })).toHaveLength(3)
  })

  it('relay:RL2 limits are read as given', () => {
    expect(
      readConfig({ CHAOS_RATE_LIMITS: '{"reply":{"limit":30,"windowSec":60},"poll":{"limit":0,"windowSec":1}}' }).rateLimits,
    ).toEqual({
      reply: { limit: 30, windowSec: 60 },
      poll: { limit: 0, windowSec: 1 },
    })
  })

  it('relay:EML8 where mail is taken is read with its limits and files', () => {
    const taken = (env: Record<string, string>) => readConfig({ CHAOS_EMAIL_DOMAIN: 'mail.example.org', ...env }).email.smtpIn
    expect(taken({})).toBeUndefined()
    expect(taken({ CHAOS_SMTP_LISTEN: '0.0.0.0:25' })).toEqual({ host: '0.0.0.0', port: 25, maxBytes: 25 * 1024 * 1024 })
    const tls = { CHAOS_SMTP_TLS_CERT: '/cert.pem', CHAOS_SMTP_TLS_KEY: '/key.pem' }
    expect(taken({ CHAOS_SMTP_LISTEN: '[::]:2525', CHAOS_SMTP_MAX_BYTES: '1048576', ...tls })).toEqual({
      host: '::',
      port: 2525,
      maxBytes: 1_048_576,
      tls: { cert: '/cert.pem', key: '/key.pem' },
    })
  })

  it('relay:EML1 the mail server is read with what its address promises about encryption', () => {
    const out = (url: string) => readConfig({ CHAOS_SMTP_OUT_URL: url }).email.smtpOut
    expect(out('smtps://me%40x.org:p%3Aw@mail.example.org')).toEqual({
      host: 'mail.example.org',
      port: 465,
      credentials: { user: 'me@x.org', password: 'p:w' },
      encryption: 'always',
    })
    expect(out('smtp://mail.example.org')).toEqual({ host: 'mail.example.org', port: 587, encryption: 'starttls' })
    expect(out('smtp://mail.example.org:25?tls=optional')).toEqual({ host: 'mail.example.org', port: 25, encryption: 'offered' })
    expect(out('smtp://[::1]:25/')).toEqual({ host: '::1', port: 25, encryption: 'offered' })
    expect(out('smtp://127.evil.example')).toMatchObject({ encryption: 'starttls' })
  })

  it('relay:EML6 unsigned e-mail webhooks are only ever possible on a loopback bind', () => {
    const unsigned = (host: string) => readConfig({ CHAOS_EMAIL_UNSIGNED: '1', CHAOS_HOST: host }).email.unsigned
    expect(['127.0.0.1', '127.9.9.9', '::1', 'localhost'].map(unsigned)).toEqual([true, true, true, true])
    expect(['0.0.0.0', '::', '192.168.0.1', '127.evil.example', 'relay.example'].map(unsigned)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ])
  })
})
