import { createDistribution } from './distribution.ts'
import { createTally } from './tally.ts'

export type Counts = ReturnType<typeof createCounts>

/** From an SSD's fsync to a disk that nobody wants. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const ROWS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]

/**
 * Everything the relay counts while it works. Only plain numbers change here; they are put into words when somebody asks (GET /metrics). No label ever
 * holds an id, an address or anything a stranger chose. relay:MET1, MET2
 */
export function createCounts() {
  const tallies = {
    answers: createTally({ name: 'chaos_http_answers_total', help: 'HTTP answers by status.', labels: ['status'] }),
    refusals: createTally({
      name: 'chaos_refusals_total',
      help: 'Refused requests and socket handshakes by error code.',
      labels: ['code'],
    }),
    limited: createTally({ name: 'chaos_rate_limited_total', help: 'Refusals by the limit that was reached.', labels: ['limit'] }),
    messages: createTally({ name: 'chaos_messages_total', help: 'Messages taken in and stored.', labels: ['channel_type'] }),
    duplicates: createTally({
      name: 'chaos_messages_repeated_total',
      help: 'Messages that had been stored before and got their first answer again.',
      labels: ['channel_type'],
    }),
    rejected: createTally({
      name: 'chaos_messages_rejected_total',
      help: 'Messages that were not taken: sender not allowed, mail that may not be relayed.',
      labels: ['channel_type'],
    }),
    repliesAccepted: createTally({
      name: 'chaos_replies_accepted_total',
      help: 'Replies committed to the outbox.',
      labels: ['channel_type'],
    }),
    replies: createTally({
      name: 'chaos_replies_settled_total',
      help: 'Replies that came to an end: sent or failed.',
      labels: ['channel_type', 'state'],
    }),
    retries: createTally({
      name: 'chaos_reply_retries_total',
      help: 'Attempts after which a reply went back to the queue.',
      labels: ['channel_type'],
    }),
    providerErrors: createTally({
      name: 'chaos_provider_errors_total',
      help: 'Calls that a platform refused for good (permanent) or for now (passing).',
      labels: ['channel_type', 'kind'],
    }),
    channelTroubles: createTally({
      name: 'chaos_channel_troubles_total',
      help: 'Times a channel became degraded, conflict or auth_failed.',
      labels: ['channel_type', 'state'],
    }),
    sockets: createTally({ name: 'chaos_sockets_opened_total', help: 'Sockets opened by protocol.', labels: ['protocol'] }),
    approvals: createTally({
      name: 'chaos_approvals_total',
      help: 'Approvals asked for, and what became of them.',
      labels: ['state'],
    }),
  }
  const distributions = {
    ingestSeconds: createDistribution({
      name: 'chaos_ingest_seconds',
      help: 'From a message’s arrival at the inbox to its commit.',
      bounds: SECONDS,
    }),
    commitSeconds: createDistribution({
      name: 'chaos_store_commit_seconds',
      help: 'Length of a transaction, fsync included.',
      bounds: SECONDS,
    }),
    commitJobs: createDistribution({ name: 'chaos_store_commit_jobs', help: 'Writes that shared a transaction.', bounds: ROWS }),
  }
  return { ...tallies, ...distributions, tallies, distributions }
}
