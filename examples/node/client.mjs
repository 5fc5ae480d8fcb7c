// A whole client in one file, with nothing but Node 22 or newer: it registers with a key of its own, opens a webhook, receives over the socket,
// and answers every message. Ctrl-C ends it; started again, it goes on where it was.
//
//   RELAY_URL=http://127.0.0.1:8787 STATE_FILE=client-state.json node examples/node/client.mjs
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

const RELAY_URL = (process.env.RELAY_URL ?? 'http://127.0.0.1:8787').replace(/\/+$/, '')
const STATE_FILE = process.env.STATE_FILE ?? 'client-state.json'
const LONGEST_PAUSE_MS = 60_000

const sha256 = (data) => createHash('sha256').update(data).digest('hex')
const RAW = { dsaEncoding: 'ieee-p1363' }

// --- what must outlive this process: key, cursor, the relay's key ---

const state = existsSync(STATE_FILE) ? JSON.parse(readFileSync(STATE_FILE, 'utf8')) : { cursor: 0, epoch: null }
state.privateKey ??= generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })

/** Whole or not at all: a crash leaves the old file. */
function save() {
  writeFileSync(`${STATE_FILE}.new`, JSON.stringify(state), { mode: 0o600 })
  renameSync(`${STATE_FILE}.new`, STATE_FILE)
}

const privateKey = createPrivateKey({ key: state.privateKey, format: 'jwk' })
const { kty, crv, x, y } = state.privateKey
const publicKey = { kty, crv, x, y }

// --- signed requests (relay:SIG2) ---

/** `target` is path and query as sent, without the path of RELAY_URL. */
async function request(method, target, body) {
  const text = body === undefined ? '' : JSON.stringify(body)
  const timestamp = new Date().toISOString()
  const nonce = randomUUID()
  const signed = ['v2', timestamp, nonce, method, target, sha256(text)].join('|')
  const response = await fetch(RELAY_URL + target, {
    method,
    headers: {
      ...(state.apiKey && { Authorization: `Bearer ${state.apiKey}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      'X-Timestamp': timestamp,
      'X-Nonce': nonce,
      'X-Signature-Version': '2',
      'X-Signature': sign('sha256', Buffer.from(signed), { key: privateKey, ...RAW }).toString('base64'),
    },
    ...(body !== undefined && { body: text }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${method} ${target}: ${response.status} ${answer.code}: ${answer.error}`)
  return answer
}

/** The same key gets the same session. The relay's key is pinned the first time, and must stay. */
async function register() {
  const { apiKey, userId, serverPublicKey } = await request('POST', '/auth/register', { publicKey })
  state.serverPublicKey ??= serverPublicKey
  if (state.serverPublicKey.x !== serverPublicKey.x || state.serverPublicKey.y !== serverPublicKey.y) {
    console.error('This is not the relay of before: its key is another one.')
    process.exit(1)
  }
  state.apiKey = apiKey
  state.userId = userId
  save()
}

// --- the socket (relay:WS4, WS7, WS8) ---

/** Resolves when the socket closes. */
async function receive() {
  const { ticket } = await request('POST', '/ws/ticket')
  const socket = new WebSocket(`${RELAY_URL.replace(/^http/, 'ws')}/ws`, ['chaos.v2', `ticket.${ticket}`])
  const send = (frame) => socket.send(JSON.stringify(frame))

  const handlers = {
    hello({ userId, epoch, challenge: { timestamp, signature } }) {
      const signed = ['ws-hello', timestamp, sha256(ticket), userId, epoch].join('|')
      const key = { key: createPublicKey({ key: state.serverPublicKey, format: 'jwk' }), ...RAW }
      if (!verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'base64'))) return socket.close()
      send({ type: 'resume', cursor: state.cursor, epoch: state.epoch })
      // A reset relay counts from 1 again.
      if (epoch !== state.epoch) Object.assign(state, { epoch, cursor: 0 })
    },
    message({ seq, message }) {
      if (seq <= state.cursor) return
      console.log(`${message.from}: ${message.content}`)
      // Stored first, acknowledged then.
      state.cursor = seq
      save()
      send({ type: 'ack', seq })
      // The clientId is made of the message: sent again after a crash, it is the same reply.
      const content = `You said: ${message.content}`
      send({
        type: 'reply',
        channelId: message.channelId,
        replyTo: message.id,
        content,
        clientId: `echo-${message.id}`.slice(0, 64),
      })
    },
    resumed({ head, recovered, dropped }) {
      if (!recovered) console.error(`The relay no longer has everything; messages known to be lost: ${dropped}.`)
      state.cursor = Math.min(state.cursor, head)
      save()
      console.log('connected')
    },
    reply_status: ({ state: outcome, reason }) =>
      outcome !== 'queued' && console.log(`reply ${outcome}${reason ? `: ${reason}` : ''}`),
    error: ({ code, error }) => console.error(`${code}: ${error}`),
  }
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data)
    handlers[frame.type]?.(frame)
  }
  await new Promise((resolve) => {
    socket.onclose = resolve
  })
}

// --- run ---

let told = false

/** Where messages can be posted to, said once. */
async function tell() {
  if (told) return
  const { channels } = await request('GET', '/channels')
  const { webhookUrl } = channels.find(({ type }) => type === 'webhook') ?? (await request('POST', '/channels', { name: 'Echo' }))
  console.log(`session ${state.userId}`)
  console.log(`webhook ${webhookUrl}`)
  told = true
}

async function connect() {
  await register()
  await tell()
  await receive()
}

for (let pause = 500; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
  const began = Date.now()
  await connect().catch((error) => console.error(error.message))
  if (Date.now() - began > LONGEST_PAUSE_MS) pause = 500
  await new Promise((resolve) => setTimeout(resolve, pause * (0.8 + Math.random() * 0.4)))
}
