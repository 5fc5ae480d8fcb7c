import { expect } from 'vitest'
import { act } from '../../fakes/discord/interactions.ts'
import type { TestClient } from '../../support/client.ts'
import { send } from '../../support/http.ts'
import { FILE, NOT_IN_THE_LOG, PAIRING, URL_SECRET, WAIT } from './shown.ts'
import type { World } from './world.ts'

type Bot = {
  type: 'telegram' | 'discord' | 'slack'
  body: Record<string, unknown>
  /** Somebody writes to the bot. */
  say(text: string): unknown
  sendFile(): unknown
  nextSent(): Promise<unknown>
  /** The bot connects after it was registered. */
  connected?(): Promise<unknown>
}

/** The three platforms of bots, as one person uses them. */
export function bots({ telegram, discord, slack }: World): Bot[] {
  const [ada, bea, cyd] = [telegram.user('Ada', 'ada'), discord.user('bea'), slack.user('Cyd')]
  const { botToken, appToken } = slack.app
  return [
    {
      type: 'telegram',
      body: { botToken: telegram.bot.token },
      say: (text) => ada.send(text),
      sendFile: () => ada.sendDocument(FILE),
      nextSent: telegram.nextSent,
    },
    {
      type: 'discord',
      body: { botToken: discord.bot.token },
      say: (text) => bea.send(text),
      sendFile: () => bea.sendFile(FILE),
      nextSent: discord.nextSent,
      connected: () => discord.bot.sessionStarts.next(({ kind }) => kind === 'identify'),
    },
    {
      type: 'slack',
      body: { botToken, appToken },
      say: (text) => cyd.send(text),
      sendFile: () => cyd.send('', { files: [{ bytes: FILE.bytes, name: FILE.filename, mimetype: 'text/plain' }] }),
      nextSent: slack.nextSent,
    },
  ]
}

/** Registered, paired after wrong guesses, written to, answered, with files both ways; the token replaced by a wrong one. */
export async function useBot({ secrets }: World, client: TestClient, bot: Bot): Promise<string> {
  const wrong = secrets.make(`a wrong token of ${bot.type}`, undefined, bot.type === 'slack' ? 'xoxb-' : '7000:AAE')
  const failed = await client.post(`/channels/${bot.type}/register`, { ...bot.body, botToken: wrong })
  expect(failed.status, failed.text).toBe(400)
  const registered = await client.post(`/channels/${bot.type}/register`, bot.body)
  expect(registered.status, registered.text).toBe(201)
  const { channelId, pairingCode, inboundUrl } = registered.json
  await bot.connected?.()
  const inbound = new URL(inboundUrl ?? 'x:').searchParams.get('secret')
  if (inbound) secrets.watch(`the secret in the address of ${bot.type}`, inbound, URL_SECRET)
  secrets.watch(`a pairing code of ${bot.type}`, pairingCode, PAIRING)
  const inbox = await client.openResumed()
  const renewed = await client.post(`/channels/${channelId}/pairing`)
  const code = secrets.watch(`the pairing code of ${bot.type}`, renewed.json.pairingCode, PAIRING)
  const guess = secrets.watch(`a wrong guess for ${bot.type}`, 'ZQ7XK3JW')
  for (const text of [guess, code]) {
    bot.say(text)
    await bot.nextSent()
  }
  const content = secrets.make(`what somebody writes on ${bot.type}`, NOT_IN_THE_LOG)
  bot.say(content)
  await inbox.nextWhere((frame) => frame.message?.content === content)
  bot.sendFile()
  const { message } = await inbox.nextWhere((frame) => frame.message?.attachments?.length === 1)
  const target = `/messages/${message.id}/attachments/${message.attachments[0].id}`
  await expect.poll(async () => (await client.get(target)).text, WAIT).toBe(String(FILE.bytes))
  const answer = secrets.make(`what is answered on ${bot.type}`, NOT_IN_THE_LOG)
  const attachments = [{ filename: 'a.txt', mimeType: 'text/plain', dataBase64: 'YQ==' }]
  inbox.send({ type: 'reply', channelId, content: answer, attachments, clientId: channelId })
  await inbox.nextWhere((frame) => frame.type === 'reply_status' && frame.channelId === channelId && frame.state === 'sent')
  await client.post('/typing', { channelId })
  await client.post('/channels/x/pairing')
  await inbox.close()
  return channelId
}

/** A command in Discord: its token may be used for answers and is shown to nobody. */
export async function useInteraction({ secrets, discord }: World, { url }: TestClient, channelId: string): Promise<void> {
  const bea = discord.user('bea-of-commands')
  for (const what of [act.command('ask', { question: 'why?' }), act.ping()]) {
    const { headers, raw } = discord.signed(discord.interaction(bea, bea.direct(), what))
    expect((await send(url, `/discord/${channelId}`, { method: 'POST', headers, body: raw })).status).toBe(200)
  }
  const forged = discord.signed({ type: 1 })
  const headers = { ...forged.headers, 'X-Signature-Ed25519': secrets.watch('a forged signature', 'ab'.repeat(64)) }
  expect((await send(url, `/discord/${channelId}`, { method: 'POST', headers, body: forged.raw })).status).toBe(401)
}
