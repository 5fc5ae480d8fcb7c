import { resolve } from 'node:path'
import * as z from 'zod'
import { defaultDataDirectory } from './dataDirectory.ts'
import { isHost, isLoopback } from './hosts.ts'
import { LIMITS, type LimitOverrides } from './http/limitTable.ts'
import type { LogLevel } from './log.ts'
import { type SmtpIn, type SmtpOut, smtpConflicts, smtpIn, smtpVariables } from './smtpSettings.ts'

/** Everything an operator can set, parsed once. Variables of relay §18. */
export type Config = {
  /** 0 = any free port. */
  port: number
  host: string
  /** An absolute path, or `:memory:` for a relay that keeps nothing. */
  dataDir: string
  /** Without a trailing slash. */
  publicUrl?: string
  trustProxy: boolean
  /** Programs on this machine may see what operators see. remote:TRU1 */
  localTrust: boolean
  strictRegister: boolean
  responsesPublic: boolean
  rateLimits: LimitOverrides
  retentionDays: number
  retentionMessages: number
  maxBodyBytes: number
  maxSocketsPerUser: number
  adminKey?: string
  encryptionKey?: string
  acceptKeyLoss: boolean
  /** Set for a relay that `start` runs in the background: the secret by which it is recognised. remote:CLI16 */
  instanceId?: string
  email: {
    domain?: string
    /** Only ever true on a loopback bind. relay:EML6 */
    unsigned: boolean
    resendApiKey?: string
    resendWebhookSecret?: string
    smtpIn?: SmtpIn
    smtpOut?: SmtpOut
  }
  /** Without a trailing slash. */
  apiRoots: { telegram: string; discord: string; slack: string; resend: string }
  /** Unset: the one Discord's API names. Without a trailing slash. */
  discordGatewayUrl?: string
  logLevel: LogLevel
  logFormat: 'text' | 'json'
}

/** What the command line says over the environment. */
export type ConfigOverrides = { host?: string; port?: string; dataDir?: string; acceptKeyLoss?: boolean }

/** One line per wrong variable: its name and why. relay:ENV1 */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

const flag = (fallback: boolean) =>
  z
    .enum(['0', '1', 'true', 'false'], 'must be 0 or 1')
    .transform((value) => value === '1' || value === 'true')
    .default(fallback)

const wholeNumber = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)
    .default(fallback)

const webAddress = z
  .string()
  .refine(
    (value) => isPlainAddress(value, ['http:', 'https:']),
    'must be an http:// or https:// URL without user, query or fragment',
  )
  .transform((value) => value.replace(/\/+$/, ''))

const socketAddress = z
  .string()
  .refine((value) => isPlainAddress(value, ['ws:', 'wss:']), 'must be a ws:// or wss:// URL without user, query or fragment')
  .transform((value) => value.replace(/\/+$/, ''))

const limitSchema = z.object({
  limit: z.int().min(0),
  windowSec: z
    .number()
    .positive()
    .max(31 * 24 * 3600),
})
const limitNames = Object.keys(LIMITS) as (keyof typeof LIMITS)[]

const rateLimits = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON like {"reply":{"limit":30,"windowSec":60}}' })
      return z.NEVER
    }
  })
  .pipe(
    z.partialRecord(z.enum(limitNames), limitSchema, {
      error: `must map limits (${limitNames.join(', ')}) to {"limit": whole number, "windowSec": seconds}`,
    }),
  )
  .default({})

const variables = z.object({
  PORT: wholeNumber(8787, 0, 65_535),
  CHAOS_HOST: z.string().refine(isHost, 'must be an IP address or a host name').default('127.0.0.1'),
  CHAOS_DATA_DIR: z.string().optional(),
  CHAOS_PUBLIC_URL: webAddress.optional(),
  CHAOS_ADMIN_KEY: z.string().min(8, 'must have at least 8 characters').optional(),
  CHAOS_ENCRYPTION_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  CHAOS_DAEMON_INSTANCE: z.string().min(22, 'is set by "chaos-relay start" alone').optional(),
  CHAOS_TRUST_PROXY: flag(false),
  CHAOS_LOCAL_TRUST: flag(true),
  CHAOS_STRICT_REGISTER: flag(false),
  CHAOS_RESPONSES_PUBLIC: flag(true),
  CHAOS_RATE_LIMITS: rateLimits,
  CHAOS_RETENTION_DAYS: wholeNumber(30, 1, 36_500),
  CHAOS_RETENTION_MESSAGES: wholeNumber(100_000, 1, 1_000_000_000),
  CHAOS_MAX_BODY_BYTES: wholeNumber(1_048_576, 1024, 1024 ** 3),
  WS_MAX_CONN_PER_USER: wholeNumber(5, 1, 10_000),
  CHAOS_EMAIL_DOMAIN: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/i, 'must be a domain like mail.example.org')
    .transform((value) => value.toLowerCase())
    .optional(),
  CHAOS_EMAIL_UNSIGNED: flag(false),
  RESEND_API_KEY: z.string().optional(),
  RESEND_WEBHOOK_SECRET: z.string().optional(),
  ...smtpVariables,
  CHAOS_TELEGRAM_API_ROOT: webAddress.default('https://api.telegram.org'),
  CHAOS_DISCORD_API_ROOT: webAddress.default('https://discord.com/api'),
  CHAOS_DISCORD_GATEWAY_URL: socketAddress.optional(),
  CHAOS_SLACK_API_ROOT: webAddress.default('https://slack.com/api'),
  CHAOS_RESEND_API_ROOT: webAddress.default('https://api.resend.com'),
  CHAOS_NATS_URL: z.undefined('is not supported by this version, which keeps its data in SQLite; unset it').optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['text', 'json']).default('text'),
})

/** Which variable a command line flag stands for. */
const FLAGS = { host: 'CHAOS_HOST', port: 'PORT', dataDir: 'CHAOS_DATA_DIR' } as const

/** The configuration of an environment; flags win over variables, empty variables count as unset. Throws ConfigError. relay:ENV1, CLI1 */
export function readConfig(env: NodeJS.ProcessEnv, overrides: ConfigOverrides = {}): Config {
  const given: Record<string, string | undefined> = {}
  for (const name of Object.keys(variables.shape)) given[name] = env[name] || undefined
  for (const [name, variable] of Object.entries(FLAGS)) given[variable] = overrides[name as keyof typeof FLAGS] ?? given[variable]
  const parsed = variables.safeParse(given)
  if (!parsed.success) throw new ConfigError(problems(parsed.error))
  const set = parsed.data
  const conflicts = smtpConflicts(set)
  if (conflicts.length > 0) throw new ConfigError(conflicts.map(([name, reason]) => `${name}: ${reason}`))
  const receiver = smtpIn(set)
  return {
    port: set.PORT,
    host: set.CHAOS_HOST,
    dataDir: dataDirectory(set.CHAOS_DATA_DIR, env),
    ...optional({
      publicUrl: set.CHAOS_PUBLIC_URL,
      adminKey: set.CHAOS_ADMIN_KEY,
      encryptionKey: set.CHAOS_ENCRYPTION_KEY,
      instanceId: set.CHAOS_DAEMON_INSTANCE,
    }),
    trustProxy: set.CHAOS_TRUST_PROXY,
    localTrust: set.CHAOS_LOCAL_TRUST,
    strictRegister: set.CHAOS_STRICT_REGISTER,
    responsesPublic: set.CHAOS_RESPONSES_PUBLIC,
    rateLimits: set.CHAOS_RATE_LIMITS,
    retentionDays: set.CHAOS_RETENTION_DAYS,
    retentionMessages: set.CHAOS_RETENTION_MESSAGES,
    maxBodyBytes: set.CHAOS_MAX_BODY_BYTES,
    maxSocketsPerUser: set.WS_MAX_CONN_PER_USER,
    acceptKeyLoss: overrides.acceptKeyLoss ?? false,
    email: {
      ...optional({
        domain: set.CHAOS_EMAIL_DOMAIN,
        resendApiKey: set.RESEND_API_KEY,
        resendWebhookSecret: set.RESEND_WEBHOOK_SECRET,
      }),
      ...(receiver && { smtpIn: receiver }),
      ...(set.CHAOS_SMTP_OUT_URL && { smtpOut: set.CHAOS_SMTP_OUT_URL }),
      unsigned: set.CHAOS_EMAIL_UNSIGNED && isLoopback(set.CHAOS_HOST),
    },
    apiRoots: {
      telegram: set.CHAOS_TELEGRAM_API_ROOT,
      discord: set.CHAOS_DISCORD_API_ROOT,
      slack: set.CHAOS_SLACK_API_ROOT,
      resend: set.CHAOS_RESEND_API_ROOT,
    },
    ...optional({ discordGatewayUrl: set.CHAOS_DISCORD_GATEWAY_URL }),
    logLevel: set.LOG_LEVEL,
    logFormat: set.LOG_FORMAT,
  }
}

function dataDirectory(given: string | undefined, env: NodeJS.ProcessEnv): string {
  if (given === ':memory:') return given
  return resolve(given ?? defaultDataDirectory(env, process.platform))
}

/** The members that are set. */
function optional<T extends Record<string, string | undefined>>(members: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: string }
}

/** Never the value itself: some variables are secrets. */
function problems(error: z.ZodError): string[] {
  const reasons = new Map<string, string>()
  for (const issue of error.issues) {
    const name = String(issue.path[0])
    const inside = issue.path.slice(1).join('.')
    if (!reasons.has(name)) reasons.set(name, inside ? `${inside}: ${issue.message}` : issue.message)
  }
  return [...reasons].map(([name, reason]) => `${name}: ${reason}`)
}

function isPlainAddress(value: string, protocols: readonly string[]): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, username, password, search, hash } = new URL(value)
  return protocols.includes(protocol) && username + password + search + hash === ''
}
