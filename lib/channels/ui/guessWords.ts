import { i18n } from '#i18n'
import type { ChannelType } from '#protocol/message.ts'
import { channelName } from '../../ui/channelName.ts'
import type { Guess } from '../pasteGuess.ts'

/** The live sentence under the paste box: what the text is taken for, and what will happen. */
export function guessWords(value: Guess, notOffered: ReadonlySet<ChannelType>): string {
  const kind = kindOf(value)
  if (kind && notOffered.has(kind)) return notOfferedWords(kind)
  switch (value.kind) {
    case 'slack':
      return i18n.t(value.appToken ? 'paste.looks.slackPair' : 'paste.looks.slack')
    case 'slack_app_only':
      return i18n.t('paste.slackNeedsBot')
    case 'webhook':
      return value.name === '' ? i18n.t('paste.looks.webhook') : i18n.t('paste.looks.webhookNamed', { name: value.name })
    case 'telegram':
    case 'discord':
    case 'email':
      return i18n.t(`paste.looks.${value.kind}`)
    case 'empty':
    case 'unknown':
      return i18n.t('paste.hint')
  }
}

/** Recognised, but of no use on this relay. */
export function notOfferedWords(kind: ChannelType): string {
  return kind === 'email' ? i18n.t('paste.notSetUp') : i18n.t('paste.notOffered', { kind: channelName(kind) })
}

export function guessButton(value: Guess, notOffered: ReadonlySet<ChannelType>): string {
  const kind = kindOf(value)
  return kind && !notOffered.has(kind) ? i18n.t(`paste.buttons.${kind}`) : i18n.t('paste.button')
}

/** The channel type a guess is about, complete or not. */
export function kindOf(value: Guess): ChannelType | undefined {
  if (value.kind === 'slack_app_only') return 'slack'
  return value.kind === 'empty' || value.kind === 'unknown' ? undefined : value.kind
}
