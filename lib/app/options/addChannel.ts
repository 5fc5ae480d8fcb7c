import type { ReadyGuess } from '../../channels/pasteGuess.ts'
import type { Added, AddOptions } from '../../channels/ui/actions.ts'
import { notOfferedWords } from '../../channels/ui/guessWords.ts'
import { Failure } from '../../messaging/failure.ts'
import type { PageContext } from '../page.ts'

/** Sends a guess to the relay. client:CON1-CON8, REC4 */
export async function addChannel(
  { channels, profileId }: PageContext,
  guess: ReadyGuess,
  { remember }: AddOptions = { remember: false },
): Promise<Added> {
  switch (guess.kind) {
    case 'webhook': {
      const { channel } = await channels.addWebhook({ profileId, name: guess.name })
      return { channelId: channel.id, type: 'webhook' }
    }
    case 'email': {
      const { channelId } = await channels.addEmail({ profileId, userEmail: guess.userEmail, name: guess.name })
      return { channelId, type: 'email' }
    }
    case 'telegram': {
      const { channelId } = await channels.addTelegram({ profileId, botToken: guess.botToken, remember })
      return { channelId, type: 'telegram' }
    }
    case 'discord': {
      const added = channels.addDiscord({ profileId, botToken: guess.botToken, remember })
      return { channelId: (await added.catch(notOffered('discord'))).channelId, type: 'discord' }
    }
    case 'slack': {
      const { botToken, appToken } = guess
      const added = channels.addSlack({ profileId, botToken, ...(appToken && { appToken }), remember })
      return { channelId: (await added.catch(notOffered('slack'))).channelId, type: 'slack' }
    }
  }
}

/** A relay without the route answers as for any unknown path: say what that means. */
function notOffered(kind: 'discord' | 'slack') {
  return (error: unknown): never => {
    if (error instanceof Failure && (error.code === 'not_found' || error.code === 'invalid_type'))
      throw new Failure('not_offered', notOfferedWords(kind), { cause: error })
    throw error
  }
}
