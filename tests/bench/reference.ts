import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { type WebSocket, WebSocketServer } from 'ws'

/**
 * What the relay is measured against: bare node:http + ws + the same group-committed inserts (one event-loop turn, one transaction,
 * synchronous=FULL), for messages that are posted and for replies that come by socket, and nothing else: no authentication, limits, logs,
 * checks or slow-socket care.
 */
const file = process.argv[2] ?? ':memory:'
const database = new DatabaseSync(file)
database.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000;
  CREATE TABLE messages (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, channel TEXT NOT NULL, sender TEXT NOT NULL, content TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE TABLE replies (id TEXT PRIMARY KEY, channel TEXT NOT NULL, content TEXT NOT NULL, at INTEGER NOT NULL) STRICT`)
const insert = database.prepare('INSERT INTO messages (seq, id, channel, sender, content, at) VALUES (?, ?, ?, ?, ?, ?)')

const insertReply = database.prepare('INSERT INTO replies (id, channel, content, at) VALUES (?, ?, ?, ?)')

type Reply = { id: string; channel: string; content: string; clientId: string; at: number; socket: WebSocket }
type Waiting = { id: string; channel: string; from: string; content: string; at: number; answer: ServerResponse }
const sockets = new Set<WebSocket>()
let waiting: Waiting[] = []
let replies: Reply[] = []
let seq = 0

function flush(): void {
  const batch = waiting
  waiting = []
  database.exec('BEGIN')
  const first = seq + 1
  for (const row of batch) insert.run(++seq, row.id, row.channel, row.from, row.content, row.at)
  database.exec('COMMIT')
  batch.forEach((row, index) => {
    const { answer: _, ...message } = row
    const frame = JSON.stringify({ type: 'message', seq: first + index, message })
    for (const socket of sockets) socket.send(frame)
    const body = `{"ok":true,"messageId":"${row.id}"}`
    row.answer.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body)
  })
}

function flushReplies(): void {
  const batch = replies
  replies = []
  database.exec('BEGIN')
  for (const row of batch) insertReply.run(row.id, row.channel, row.content, row.at)
  database.exec('COMMIT')
  for (const { socket, id, clientId } of batch)
    socket.send(JSON.stringify({ type: 'reply_ack', ok: true, responseId: id, clientId }))
}

function hear(socket: WebSocket, text: string): void {
  const frame = JSON.parse(text)
  if (frame.type !== 'reply') return
  if (replies.length === 0) setImmediate(flushReplies)
  const { channelId: channel, content, clientId } = frame
  replies.push({ id: randomUUID(), channel, content, clientId, at: Date.now(), socket })
}

// As patient with idle connections as the relay: the open loop leaves some alone for longer than Node's 5 s.
const server = createServer({ keepAliveTimeout: 65_000 }, (request, answer) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString())
    if (waiting.length === 0) setImmediate(flush)
    waiting.push({
      id: randomUUID(),
      channel: (request.url ?? '').slice(9, 20),
      from: body.from,
      content: body.content,
      at: Date.now(),
      answer,
    })
  })
})
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  sockets.add(socket)
  socket.on('message', (data) => hear(socket, String(data)))
  socket.on('close', () => sockets.delete(socket))
})
server.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${(server.address() as { port: number }).port}`))
process.on('SIGTERM', () => process.exit(0))
