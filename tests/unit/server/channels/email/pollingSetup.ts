import type { Connection } from '../../../../../server/channels/port.ts'
import { setUpEmail } from './setup.ts'

type Setup = Awaited<ReturnType<typeof setUpEmail>>

const open: (() => Promise<void>)[] = []

/** Closes whatever a test has opened; for `afterEach`. */
export async function closePolling(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close()
}

/** As setUpEmail, with `start` to begin reading the list. */
export async function setUpPolling(options: Parameters<typeof setUpEmail>[0] = {}): Promise<Setup & { start(): Connection }> {
  const made = await setUpEmail(options)
  open.push(made.resend.close)
  return {
    ...made,
    start() {
      const running = made.make().start()
      const close = async () => (await running).close()
      open.push(close)
      return { close }
    },
  }
}

/** Waits until the provider was asked for the list `n` times and the pass has ended (its next timer is set). */
export async function passes({ resend, clock }: Setup, n: number): Promise<void> {
  while (resend.count('list') < n || clock.waiting() === 0) await new Promise((resolve) => setImmediate(resolve))
}

export async function untilStored({ ingested }: Setup, n: number): Promise<void> {
  while (ingested.length < n) await new Promise((resolve) => setImmediate(resolve))
}
