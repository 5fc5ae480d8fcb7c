import { startFakeTelegram } from '../fakes/telegram/fake.ts'
import { createAuthority } from './authority.ts'
import { createClient } from './client.ts'
import { freePort, type startNginx } from './proxies.ts'
import { startRelay } from './relay.ts'

export type BehindProxy = Awaited<ReturnType<typeof startBehindProxy>>

/** A relay that is reached over TLS through a proxy, as docs/self-hosting.md sets both up; Telegram's fake delivers there too. */
export async function startBehindProxy(
  startProxy: typeof startNginx,
  { prefix, env = {}, publicUrl: knowsItsUrl = true }: { prefix: boolean; env?: Record<string, string>; publicUrl?: boolean },
) {
  const tls = createAuthority()
  const telegram = await startFakeTelegram()
  const port = await freePort()
  const publicUrl = `https://127.0.0.1:${port}${prefix ? '/relay' : ''}`
  const relay = await startRelay({
    env: {
      CHAOS_TRUST_PROXY: '1',
      CHAOS_TELEGRAM_API_ROOT: telegram.apiRoot,
      ...(knowsItsUrl && { CHAOS_PUBLIC_URL: publicUrl }),
      ...env,
    },
  })
  const proxy = await startProxy({ prefix, port, relayPort: relay.port, tls })
  return {
    publicUrl,
    relay,
    telegram,
    client: (options: Parameters<typeof createClient>[1] = {}) => createClient(publicUrl, options),
    async close(): Promise<void> {
      await proxy.close()
      await relay.close()
      await telegram.close()
      tls.close()
    },
  }
}
