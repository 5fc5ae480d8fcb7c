import type { ReadyGuess } from '../../channels/pasteGuess.ts'
import type { PageContext } from '../page.ts'

/** Adds what was pasted. Throws Failure with the relay's sentence. client:CON1-CON8 */
export async function addChannel({ channels, profileId }: PageContext, guess: ReadyGuess): Promise<void> {
  switch (guess.kind) {
    case 'telegram':
      await channels.addTelegram({ profileId, botToken: guess.botToken, remember: false })
      return
    case 'discord':
      await channels.addDiscord({ profileId, botToken: guess.botToken, remember: false })
      return
    case 'slack': {
      const { botToken, appToken } = guess
      await channels.addSlack({ profileId, botToken, ...(appToken !== undefined && { appToken }), remember: false })
      return
    }
    case 'email':
      await channels.addEmail({ profileId, userEmail: guess.userEmail, name: guess.name })
      return
    case 'webhook':
      await channels.addWebhook({ profileId, name: guess.name })
      return
  }
}
