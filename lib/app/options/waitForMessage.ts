import { i18n } from '#i18n'
import { Failure } from '../../messaging/failure.ts'
import type { PageContext } from '../page.ts'

/** How long a sample may take from the relay to this browser: longer than the slowest safety poll would be of no use to a waiting person. */
const ARRIVES_WITHIN_MS = 20_000

/** Resolves when a message is stored in this browser, whatever way it came. Throws Failure `late`. client:WIZ5 */
export async function waitForMessage({ db, changes, profileId }: PageContext, messageId: string): Promise<void> {
  const isHere = async () => (await db.getKey('messages', [profileId, messageId])) !== undefined
  await new Promise<void>((resolve, reject) => {
    const finish = (end: () => void): void => {
      stop()
      clearTimeout(timer)
      end()
    }
    const look = (): void => {
      isHere().then(
        (here) => here && finish(resolve),
        (error: unknown) => finish(() => reject(error)),
      )
    }
    const timer = setTimeout(() => finish(() => reject(new Failure('late', i18n.t('wizard.webhook.late')))), ARRIVES_WITHIN_MS)
    const stop = changes.listen((change) => {
      if (change.topic === 'messages' && change.profileId === profileId) look()
    })
    look()
  })
}
