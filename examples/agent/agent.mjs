// An agent that keeps notes, and asks before it writes one, with nothing but Node 20 or newer. It shares the session of a browser: the first time it
// makes one and prints its token, which is pasted into the extension (Options, Connection, "Use a token (advanced)"). Then write "note milk" or "notes" to a bot
// of that session. Ctrl-C ends it; started again, it goes on where it was.
//
//   RELAY_URL=http://127.0.0.1:8787 STATE_FILE=agent-state.json NOTES_FILE=notes.txt node examples/agent/agent.mjs
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

const RELAY_URL = (process.env.RELAY_URL ?? 'http://127.0.0.1:8787').replace(/\/+$/, '')
const STATE_FILE = process.env.STATE_FILE ?? 'agent-state.json'
const NOTES_FILE = process.env.NOTES_FILE ?? 'notes.txt'
const PAUSE_MS = 2_000
/** As long as the relay lets one wait. */
const WAIT_MS = 30_000

// --- what must outlive this process: the session and how far it has read ---

const state = existsSync(STATE_FILE) ? JSON.parse(readFileSync(STATE_FILE, 'utf8')) : { apiKey: process.env.RELAY_TOKEN }

/** Whole or not at all: a crash leaves the old file. */
function save() {
  writeFileSync(`${STATE_FILE}.new`, JSON.stringify(state), { mode: 0o600 })
  renameSync(`${STATE_FILE}.new`, STATE_FILE)
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function request(method, target, body) {
  const response = await fetch(RELAY_URL + target, {
    method,
    headers: {
      ...(state.apiKey && { Authorization: `Bearer ${state.apiKey}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer = await response.json()
  if (response.ok) return answer
  if (answer.code === 'rate_limited') {
    await pause(Number(response.headers.get('retry-after') ?? 1) * 1000)
    return request(method, target, body)
  }
  throw Object.assign(new Error(`${method} ${target}: ${response.status} ${answer.code}: ${answer.error}`), { code: answer.code })
}

// --- asking (relay:APV1, APV2, APV4) ---

/** Somebody, or something, said no. The message is for whoever thinks here: what to do instead. */
class Refused extends Error {}

/** Where in its channel a message was said: there the question is put. A webhook, and whatever names no place, is one conversation. */
function placeOf({ channelType, metadata: { chatId, discordChannelId, slackChannelId, senderAddress } }) {
  const place = chatId ?? discordChannelId ?? slackChannelId ?? senderAddress
  return channelType === 'webhook' || place === undefined ? {} : { conversation: String(place) }
}

/** Resolves when this may be done, now and once. Anything else throws Refused. */
async function permission(message, kind, action, args) {
  const cause = { channelId: message.channelId, ...placeOf(message) }
  const { id } = await request('POST', '/approvals', { action, args, kind, ...cause, agentId: 'notes-agent' })
  let outcome
  do outcome = await request('GET', `/approvals/${id}?waitMs=${WAIT_MS}`)
  while (outcome.state === 'pending')
  if (outcome.state === 'denied') throw new Refused(outcome.reason)
  try {
    // Only this answer is a yes: it says that nobody has used it before, and that it is for these very arguments.
    await request('POST', `/approvals/${id}/use`, { action, args })
  } catch (error) {
    if (String(error.code).startsWith('approval_')) throw new Refused(error.message)
    throw error
  }
}

// --- what it can do ---

/** What a message wants, if it wants anything. That leaves out the "yes" and "no" that people answer approvals with. */
function wish({ content }) {
  const [, text] = /^note (.+)$/is.exec(content.trim()) ?? []
  if (text !== undefined) return { kind: 'write', action: 'notes.add', args: { text } }
  if (/^notes$/i.test(content.trim())) return { kind: 'read', action: 'notes.list', args: {} }
  return undefined
}

const actions = {
  'notes.add'({ text }) {
    appendFileSync(NOTES_FILE, `${text.replaceAll('\n', ' ')}\n`)
    return `Noted: ${text}`
  },
  'notes.list': () => (existsSync(NOTES_FILE) ? readFileSync(NOTES_FILE, 'utf8').trimEnd() : 'There are no notes.'),
}

async function work(message) {
  const wanted = wish(message)
  if (!wanted) return
  const { kind, action, args } = wanted
  let said
  try {
    await permission(message, kind, action, args)
    said = actions[action](args)
    console.log(`done: ${action}`)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    console.log(`refused: ${error.message}`)
    // Not tried again, and not tried another way.
    said = 'I left it as it was. What should I do instead?'
  }
  await answer(message, said)
}

/** The clientId is made of the message: sent again after a crash, it is the same reply. */
async function answer({ id, channelId }, content) {
  const reply = { channelId, replyTo: id, content, clientId: `notes-${id}`.slice(0, 64) }
  await request('POST', '/reply', reply).catch((error) =>
    // Its owner answers this conversation alone: that is no trouble.
    error.code === 'taken_over' ? console.log('silent: taken over') : console.error(error.message),
  )
}

// --- run ---

async function begin() {
  if (!state.apiKey) {
    state.apiKey = (await request('POST', '/auth/register')).apiKey
    console.log(`token ${state.apiKey}`)
  }
  // What was said before it was there is not for this agent.
  state.after ??= (await request('GET', `/messages?since=${encodeURIComponent(new Date().toISOString())}`)).nextAfter
  save()
  console.log('listening')
}

/** Reads without acknowledging: that is for the browser to do. */
async function readNew() {
  const { messages, nextAfter } = await request('GET', `/messages?after=${state.after}`)
  for (const message of messages) {
    await work(message)
    // After the work: a crash before this asks once more, and never acts without a new yes.
    state.after = message.seq
    save()
  }
  state.after = nextAfter
}

for (let ready = false; ; await pause(PAUSE_MS)) {
  try {
    if (!ready) await begin()
    ready = true
    await readNew()
  } catch (error) {
    console.error(error.message)
  }
}
