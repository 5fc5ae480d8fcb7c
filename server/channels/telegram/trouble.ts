import { GrammyError, HttpError } from 'grammy'

/** Why a call to Telegram failed. Never holds the token or what was sent, unlike the library's errors. */
export type Trouble =
  | { kind: 'unauthorised' }
  | { kind: 'conflict'; webhook: boolean }
  | { kind: 'tooFast'; retryAfterMs: number }
  | { kind: 'unreachable' }
  | { kind: 'refused'; code: number; description: string; migratedTo?: string }

/** Reads what the library threw. Anything else is a fault of ours and thrown on. */
export function readTrouble(error: unknown): Trouble {
  if (error instanceof HttpError) return { kind: 'unreachable' }
  if (!(error instanceof GrammyError)) throw error
  const { error_code: code, description, parameters } = error
  // An unknown token is 401; one without the form of a token is no path of the API: 404.
  if (code === 401 || code === 404) return { kind: 'unauthorised' }
  if (code === 409) return { kind: 'conflict', webhook: /webhook/i.test(description) }
  if (code === 429) return { kind: 'tooFast', retryAfterMs: (parameters.retry_after ?? 1) * 1000 }
  if (typeof code !== 'number' || code >= 500) return { kind: 'unreachable' }
  const migratedTo = parameters.migrate_to_chat_id
  return { kind: 'refused', code, description, ...(migratedTo !== undefined && { migratedTo: String(migratedTo) }) }
}

/** The sentence for the owner. */
export function explain(trouble: Trouble): string {
  switch (trouble.kind) {
    case 'unauthorised':
      return 'Telegram does not accept the bot token any more. Copy the current one from @BotFather and add the bot again.'
    case 'conflict':
      return trouble.webhook
        ? 'Another program has set a webhook for this bot. Stop it there, or give this relay a bot of its own.'
        : 'Another program is receiving the messages of this bot. Stop it, or give this relay a bot of its own.'
    case 'tooFast':
      return 'Telegram asks this bot to slow down.'
    case 'unreachable':
      return 'Telegram is not reachable.'
    case 'refused':
      return `Telegram refused: ${trouble.description}`
  }
}
