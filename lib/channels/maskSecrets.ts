import type { Guess } from './pasteGuess.ts'

const DOTS = '••••••••••'
/** Below this length the ends of a secret would give too much of it away. */
const SHOW_ENDS_FROM = 20

/** The secrets inside a guess, which the box hides once pasted. client:CON8 */
export function secretsOf(value: Guess): string[] {
  switch (value.kind) {
    case 'telegram':
    case 'discord':
      return [value.botToken]
    case 'slack':
      return value.appToken ? [value.botToken, value.appToken] : [value.botToken]
    case 'slack_app_only':
      return [value.appToken]
    case 'email':
    case 'webhook':
    case 'empty':
    case 'unknown':
      return []
  }
}

/** The text with each secret shortened to its recognisable ends: `7204518893:AAH••••••••••xQ4`. */
export function maskSecrets(text: string, value: Guess): string {
  return secretsOf(value).reduce((shown, secret) => shown.split(secret).join(maskSecret(secret)), text)
}

function maskSecret(secret: string): string {
  if (secret.length < SHOW_ENDS_FROM) return DOTS
  const [, id = ''] = /^(\d{6,12}:)/.exec(secret) ?? []
  const head = id || /^xox[a-z]-|^xapp-/.exec(secret)?.[0] || ''
  return `${secret.slice(0, head.length + 3)}${DOTS}${secret.slice(-3)}`
}
