import type * as z from 'zod/mini'
import { RelayError } from '#protocol/errors.ts'
import type { emailRegisteredSchema, verificationAnswerSchema } from '#protocol/http.ts'
import { MAX_CHANNELS } from '#protocol/limits.ts'
import { emailRegisterSchema } from '#protocol/requests.ts'
import type { Clock } from '../../clock.ts'
import { jsonBody } from '../../http/json.ts'
import type { OwnerRoute, RateLimits } from '../../http/route.ts'
import { checkSizes } from '../fields.ts'
import type { ChannelHost } from '../port.ts'
import { mailAddress } from './address.ts'
import { emailFacts, restingStatus } from './channelFacts.ts'
import { type EmailConfig, NOT_SET_UP } from './emailConfig.ts'
import type { Health } from './health.ts'
import { newInboundAddress, slugOf } from './inboundAddress.ts'
import type { MailSender } from './outgoingMail.ts'
import { isPassing, ProviderTrouble } from './trouble.ts'
import type { Verification } from './verification.ts'
import { verificationMail } from './verificationMail.ts'

type Registered = z.infer<typeof emailRegisteredSchema>
type LinkSent = z.infer<typeof verificationAnswerSchema>

/** POST /channels/email/register and POST /channels/:id/verification. relay:EML1, EML2, EML3, CH7 */
export function createRegisterRoutes(relay: {
  host: ChannelHost
  limits: RateLimits
  clock: Pick<Clock, 'now'>
  random: (bytes: number) => Uint8Array
  config: EmailConfig
  sender: MailSender | undefined
  health: Health
  verification: Verification
  baseUrlForPages: () => string
}): OwnerRoute[] {
  const { host, limits, clock, random, config, health, verification, baseUrlForPages } = relay

  function configured(): { domain: string; sender: MailSender } {
    if (config.domain !== undefined && relay.sender) return { domain: config.domain, sender: relay.sender }
    throw new RelayError('email_not_configured', NOT_SET_UP)
  }

  /** Sends the link before it is stored: if the mail cannot be sent, the older link still works. */
  async function sendLink(to: { channelId: string; userEmail: string; inboundAddress: string }) {
    const { domain, sender } = configured()
    const { token, secret } = verification.issue()
    const query = new URLSearchParams({ token, channelId: to.channelId })
    const link = `${baseUrlForPages()}/email/verify?${query}`
    try {
      await sender.send(verificationMail({ ...to, domain, link }), `verify-${Buffer.from(random(16)).toString('hex')}`)
      await health.worked('sending')
    } catch (error) {
      if (!(error instanceof ProviderTrouble)) throw error
      const code = isPassing(error) ? 'provider_unreachable' : 'provider_rejected'
      throw new RelayError(code, `The mail was not sent. ${error.message}`, { cause: error })
    }
    return secret
  }

  function freeAddress(slug: string, domain: string): string {
    const inboundAddress = newInboundAddress(slug, domain, random)
    const taken = host.find((channel) => channel.platform.inboundAddress === inboundAddress)
    return taken ? freeAddress(slug, domain) : inboundAddress
  }

  async function register(userId: string, body: Buffer): Promise<Registered> {
    const { domain } = configured()
    const { userEmail: given, channelName, agentId = '' } = jsonBody(emailRegisterSchema, body)
    const userEmail = mailAddress(given)
    if (userEmail === undefined) throw new RelayError('invalid_field', '"userEmail" is not an e-mail address.')
    const name = channelName?.trim() ?? ''
    checkSizes({ name, agentId })
    const slug = slugOf(name || userEmail.slice(0, userEmail.lastIndexOf('@')))
    if (slug === '') throw new RelayError('invalid_field', 'The channel needs a name with a letter or digit from a-z, 0-9.')
    if (host.list(userId).length >= MAX_CHANNELS)
      throw new RelayError('too_many_channels', `A session has at most ${MAX_CHANNELS} channels. Delete one first.`)
    const inboundAddress = freeAddress(slug, domain)
    const id = `email_${Buffer.from(random(12)).toString('base64url')}`
    const secret = await sendLink({ channelId: id, userEmail, inboundAddress })
    const facts = { userEmail, inboundAddress, verified: false }
    await host.insert({
      id,
      userId,
      type: 'email',
      revision: 0,
      ...(name && { name }),
      agentId,
      direction: 'bidirectional',
      enabled: true,
      createdAt: clock.now(),
      metadata: {},
      platform: facts,
      secrets: { verification: secret },
      status: restingStatus(facts),
    })
    return { channelId: id, inboundAddress, verificationExpiresAt: new Date(secret.expiresAt).toISOString() }
  }

  async function sendAgain(userId: string, channelId: string): Promise<LinkSent> {
    const channel = host.channel(channelId)
    if (!channel || channel.userId !== userId) throw new RelayError('channel_not_found', 'There is no such channel.')
    if (channel.type !== 'email') throw new RelayError('wrong_channel_type', 'Only e-mail channels are verified by a link.')
    limits.consume('verification', channel.id)
    const facts = emailFacts(channel)
    if (!facts)
      throw new RelayError('invalid_field', 'This channel has no address yet. Register it with POST /channels/email/register.')
    if (facts.verified) return { ok: true, expiresAt: new Date(clock.now()).toISOString() }
    const secret = await sendLink({ channelId, ...facts })
    await host.update(channelId, (current) =>
      emailFacts(current)?.verified ? current : { ...current, secrets: { ...current.secrets, verification: secret } },
    )
    return { ok: true, expiresAt: new Date(secret.expiresAt).toISOString() }
  }

  return [
    {
      method: 'POST',
      path: '/channels/email/register',
      limit: 'channelRegister',
      handle: async ({ session, body }) => ({ status: 201, json: await register(session.userId, body) }),
    },
    {
      method: 'POST',
      path: '/channels/:id/verification',
      handle: async ({ session, params }) => ({ json: await sendAgain(session.userId, params.id ?? '') }),
    },
  ]
}
