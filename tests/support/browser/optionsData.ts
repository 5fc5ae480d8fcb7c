import { at, channel, connection, NOW, type Rows, talk } from './previewData.ts'

/** What the options page shows in its pictures, on the day of previewData. */

const trusted = '7c1e 04d9 b23f 8a60 51cd e7f4 90b8 3d12 6fa5 c8e1 0b97 42d3 fe60 198c a4b7 5d2e'
const own = 'e40b 77a9 1c58 d3f2 6690 ab14 f07d 25c3 8e1b 4f92 c06a 73d8 19e5 b8d4 502f a6c7'
const iso = (time: number) => new Date(time).toISOString()

const profile = {
  id: 'default',
  name: 'Home',
  relayUrl: 'https://relay.okafor.example',
  createdAt: at('08:00', 28),
  stopped: false,
}

export const home: Rows = { profiles: [profile], connections: [connection()] }

const details = {
  relayUrl: profile.relayUrl,
  userId: '5f3a9c1e-77d0-4b1c',
  fingerprint: trusted,
  ownFingerprint: own,
  cursor: 1204,
  relay: { ok: true, version: '0.1.0', status: 'ok', ms: 12, features: ['sig2', 'ws2', 'ticket', 'attachments', 'slack', 'email'] },
}
export const answers = { 'connection.details': details }

/** Only what the page shows of a key; the key itself is not needed for it. */
export const ownKey: Rows = {
  identities: [
    {
      profileId: 'default',
      publicKey: { kty: 'EC', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) },
      createdAt: profile.createdAt,
      exportable: true,
    },
  ],
}

/** Registered, and the relay's key pinned: there is a safety number. */
export const keys: Rows = {
  ...ownKey,
  sessions: [{ profileId: 'default', userId: details.userId, apiKey: 'k', origin: profile.relayUrl, clockOffsetMs: 0 }],
  pins: [
    {
      profileId: 'default',
      origin: profile.relayUrl,
      key: { kty: 'EC', crv: 'P-256', x: 'y'.repeat(43), y: 'x'.repeat(43) },
      pinnedAt: at('08:00', 28),
    },
  ],
}

/** The relay shows a third key. */
export const blockedKeys: Rows = {
  ...keys,
  pins: keys.pins?.map((pin) => ({ ...pin, offered: { kty: 'EC', crv: 'P-256', x: 'z'.repeat(43), y: 'x'.repeat(43) } })) ?? [],
}

/** The safety number of these keys. */
export const safetyNumberShown = '10175 90025 12312 64363 51312 92300 74833 03896 70790 71190 86945 93625'

/** Three profiles: one in view, one blocked with unread messages, one disconnected whose key is gone; names and addresses as long as may be. */
export const manyProfiles: Rows = {
  profiles: [
    { id: 'w', name: 'work-laptop', relayUrl: 'https://relay.work.example', createdAt: at('09:00', 20), stopped: false },
    {
      id: 'c',
      name: 'community.a-very-long-name-for-a-profile',
      relayUrl: 'https://relay.with-a-rather-long-name.example:8443/chaos',
      createdAt: at('09:10', 10),
      stopped: true,
    },
  ],
  identities: ['default', 'w'].map((profileId) => ({ ...ownKey.identities?.[0], profileId })),
  connections: [
    { ...connection({ state: 'blocked' }), profileId: 'w' },
    { ...connection({ state: 'stopped' }), profileId: 'c' },
  ],
  conversations: [{ ...talk({ id: 'x', type: 'webhook', title: 'x', when: at('12:00'), text: '' }), profileId: 'w', unread: 12 }],
}

const ordered = (all: ReturnType<typeof channel>[]) => all.map((one, order) => ({ ...one, order }))

/** Each state a channel can be in that asks something of its owner, and some that do not. */
export const channelsOfAllKinds: Rows = {
  channels: ordered([
    channel('sl', 'slack', {
      name: 'Okafor workspace',
      status: {
        state: 'auth_failed',
        detail:
          'Slack does not accept the app-level token any more. Make a new one with connections:write under "Basic Information" and add both tokens again.',
        lastInboundAt: iso(at('13:52')),
      },
    }),
    channel('em', 'email', {
      name: 'invoices',
      status: { state: 'waiting_verification' },
      metadata: { inboundAddress: 'invoices-x7f3k2m9qa@in.okafor.example', userEmail: 'office@okafor.example' },
    }),
    channel('tg', 'telegram', {
      status: {
        state: 'ok',
        lastInboundAt: iso(at('14:07')),
        rejected: 3,
        lastRejectedReason: 'the sender is not allowed',
      },
      agentId: 'trip-desk',
      prompt: 'Family travel. Ask before paying anything.',
      runInBackground: true,
      metadata: { botUsername: 'okafor_family_bot', allowedUsers: ['Ada Okafor', 'Tomás Rivera'] },
    }),
    channel('dc', 'discord', { name: 'Maintainers', status: { state: 'ok', lastInboundAt: iso(at('11:30')) } }),
    channel('ci-5b21', 'webhook', {
      name: 'ci',
      direction: 'inbound',
      webhookUrl: 'https://relay.okafor.example/webhook/ci-5b21?token=wh_3f9a0c77b1e24d5f',
    }),
    channel('tg2', 'telegram', {
      status: { state: 'waiting_pairing' },
      metadata: {
        botUsername: 'okafor_home_bot',
        pairingCode: 'K7M4PX2Q',
        pairingExpiresAt: iso(NOW + 761_000),
        allowedUsers: [],
      },
    }),
  ]),
}

/** A Discord bot that waits for its code, and one that Discord hides messages from. */
export const discordSteps: Rows = {
  channels: ordered([
    channel('dc1', 'discord', {
      status: {
        state: 'waiting_pairing',
        detail: 'Add the bot to a server with its invite link, then send the pairing code to @okafor_desk in a direct message.',
      },
      metadata: {
        botUsername: 'okafor_desk',
        inviteUrl:
          'https://discord.com/oauth2/authorize?client_id=1174935462&scope=bot+applications.commands&permissions=274878024704',
        pairingCode: 'T9V2KX4M',
        pairingExpiresAt: iso(NOW + 812_000),
        allowedUsers: [],
      },
    }),
    channel('dc2', 'discord', {
      name: 'Maintainers',
      status: {
        state: 'degraded',
        detail:
          'Discord hides what is written in servers from this bot. Switch on Message Content Intent in the developer portal (your app > Bot); the relay notices by itself. Direct messages and mentions arrive already.',
        lastInboundAt: iso(at('11:30')),
      },
      inboundUrl: 'https://relay.okafor.example/discord/dc2?secret=v1XGk0qfT3mW9hZ2cYbR7p',
      metadata: { botUsername: 'okafor_maintainers', mentionOnly: true, allowedUsers: ['301547820146589696'] },
    }),
  ]),
  steps: [{ profileId: 'default', channelId: 'dc1', kind: 'pair', channelType: 'discord', createdAt: at('14:07'), dismissed: 0 }],
}

export const pairStep: Rows = {
  steps: [{ profileId: 'default', channelId: 'tg2', kind: 'pair', channelType: 'telegram', createdAt: at('14:07'), dismissed: 0 }],
}

/** A Slack app that waits for its code, and one whose events are posted. */
export const slackPairing: Rows = {
  channels: ordered([
    channel('sl2', 'slack', {
      status: { state: 'waiting_pairing', detail: 'Send the pairing code to @chaosrelay in a direct message.' },
      metadata: {
        botUsername: 'chaosrelay',
        botUrl: 'https://slack.com/app_redirect?app=A0&team=T0',
        pairingCode: 'K7M4PX2Q',
        pairingExpiresAt: iso(NOW + 761_000),
        allowedUsers: [],
      },
    }),
    channel('sl3', 'slack', {
      name: 'Harbour office',
      status: { state: 'ok', lastInboundAt: iso(at('13:52')) },
      inboundUrl: 'https://relay.okafor.example/slack/sl3',
      metadata: { botUsername: 'chaosrelay', allowedUsers: ['U0ADA'] },
    }),
  ]),
  steps: [{ profileId: 'default', channelId: 'sl2', kind: 'pair', channelType: 'slack', createdAt: at('14:07'), dismissed: 0 }],
}
