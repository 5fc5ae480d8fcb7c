import type { Update } from 'grammy/types'
import { MOST_UPDATES } from './bot.ts'
import type { Methods } from './methods.ts'
import type { FakeBot } from './model.ts'
import { badRequest, Refusal } from './refusal.ts'

const WEBHOOK_PORTS = new Set(['', '443', '80', '88', '8443'])

/** getUpdates and webhooks, which exclude each other. */
export const updateMethods = {
  getMe: ({ bot }) => ({
    ...bot.me,
    can_join_groups: true,
    can_read_all_group_messages: false,
    can_manage_bots: false,
    supports_guest_queries: false,
    supports_inline_queries: false,
    supports_join_request_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
  }),

  getUpdates({ bot, gone }, args = {}) {
    if (bot.webhook) {
      throw new Refusal(
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      )
    }
    bot.poll?.terminate()
    const offset = Number(args.offset ?? 0)
    if (offset > 0) bot.updates = bot.updates.filter(({ update_id }) => update_id >= offset)
    if (offset < 0) bot.updates = bot.updates.slice(offset)
    const most = Number(args.limit ?? MOST_UPDATES)
    const timeout = Number(args.timeout ?? 0)
    if (bot.updates.length > 0 || timeout === 0) return bot.updates.slice(0, most)
    return longPoll(bot, timeout, gone)
  },

  setWebhook({ bot }, { url, secret_token }) {
    if (url === '') {
      bot.webhook = undefined
      return true
    }
    const address = URL.parse(String(url))
    if (address?.protocol !== 'https:') throw badRequest('bad webhook: An HTTPS URL must be provided for webhook')
    if (!WEBHOOK_PORTS.has(address.port)) throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443')
    if (secret_token !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(secret_token)) {
      throw badRequest('secret token contains unallowed characters')
    }
    bot.poll?.terminate()
    bot.webhook = { url: String(url), secret: secret_token, lastError: undefined }
    return true
  },

  deleteWebhook({ bot }, args = {}) {
    bot.webhook = undefined
    if (args.drop_pending_updates) bot.updates = []
    return true
  },

  getWebhookInfo: ({ bot }) => ({
    url: bot.webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: bot.updates.length,
    ...(bot.webhook?.lastError && { last_error_date: 1, last_error_message: bot.webhook.lastError }),
  }),
} satisfies Partial<Methods>

function longPoll(bot: FakeBot, seconds: number, gone: AbortSignal): Promise<Update[]> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      if (bot.poll === poll) bot.poll = undefined
    }
    const poll = {
      finish(updates: Update[]) {
        end()
        resolve(updates)
      },
      fail(error: Error) {
        end()
        reject(error)
      },
      terminate() {
        poll.fail(
          new Refusal(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'),
        )
      },
    }
    const timer = setTimeout(() => poll.finish([]), seconds * 1000)
    gone.addEventListener('abort', () => poll.finish([]))
    bot.poll = poll
  })
}
