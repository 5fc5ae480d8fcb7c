/** What these tests use of tests/support/relay.ts. It is loaded by name: the relay is Node code, which the extension's types do not know. */
type RealRelay = {
  url: string
  restart(): Promise<void>
  close(): Promise<void>
}
type Options = { env?: Record<string, string>; dataDir?: string }

const SOURCE = '../../../support/relay.ts'

/** Limits that a test which posts hundreds of messages does not hit. */
const LIMITS = JSON.stringify(
  Object.fromEntries(
    ['inbound', 'reply', 'poll', 'wsTicket', 'register', 'channelRegister', 'wsReply'].map((key) => [
      key,
      { limit: 100_000, windowSec: 60 },
    ]),
  ),
)

/** The real relay, in this process, on a free port. */
export async function startRealRelay(options: Options = {}): Promise<RealRelay> {
  const { startRelay } = (await import(/* @vite-ignore */ SOURCE)) as { startRelay(options: Options): Promise<RealRelay> }
  return startRelay({ ...options, env: { CHAOS_RATE_LIMITS: LIMITS, ...options.env } })
}
