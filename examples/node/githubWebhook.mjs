// Posts to a webhook as GitHub does. Its channel has the signing scheme "github"; SIGNING_SECRET is what rotate-secret answered.
//
//   WEBHOOK_URL='http://127.0.0.1:8787/webhook/ID?token=SECRET' SIGNING_SECRET=… node examples/node/githubWebhook.mjs 'Build 17 failed'
import { createHmac, randomUUID } from 'node:crypto'

const { WEBHOOK_URL, SIGNING_SECRET, DELIVERY_ID = randomUUID() } = process.env
const text = process.argv[2]
if (!WEBHOOK_URL || !SIGNING_SECRET || !text) {
  console.error('Set WEBHOOK_URL and SIGNING_SECRET, and give a text.')
  process.exit(2)
}

// What is signed are the bytes that are sent: make them once.
const body = JSON.stringify({ text, repository: { full_name: 'example/project' } })
const response = await fetch(WEBHOOK_URL, {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json',
    'X-GitHub-Event': 'status',
    // A delivery sent again keeps its id, and is stored once.
    'X-GitHub-Delivery': DELIVERY_ID,
    'X-Hub-Signature-256': `sha256=${createHmac('sha256', SIGNING_SECRET).update(body).digest('hex')}`,
  },
  body,
})
const answer = await response.json()
if (!response.ok) {
  console.error(`${response.status} ${answer.code}: ${answer.error}`)
  process.exit(1)
}
console.log(`stored as ${answer.messageId}`)
