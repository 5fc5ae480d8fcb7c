import * as z from 'zod/mini'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Cursor } from '../profiles/model.ts'
import { readAccount } from './account.ts'
import type { Network } from './exchange.ts'
import type { RelayClient } from './http.ts'
import { askAge, leaveOlder } from './older.ts'
import { type OlderFrame, openOlderSocket } from './olderSocket.ts'
import type { Registrar } from './register.ts'

/** Where what comes from an older relay goes. */
export type OlderSink = {
  cursor(): Promise<Cursor | undefined>
  /** How many were new. */
  store(records: readonly unknown[], fetched: boolean): Promise<number>
  /** Taken or refused: it names no reply, and means the oldest one under way. client:LEG3 */
  answered(frame: OlderFrame): void
}

const messagesSchema = z.object({ messages: z.array(z.unknown()) })
/** A relay that has new messages for ever is asked again later. */
const MOST_PAGES = 100

/** What is different on the way to an older relay: no tickets, no greeting, no positions. client:LEG1, LEG3 */
export function createOlderLine({
  db,
  profileId,
  client,
  registrar,
  network,
  sink,
}: {
  db: Database
  profileId: string
  client: RelayClient
  registrar: Registrar
  network: Network
  sink: OlderSink
}) {
  /** Its refusals have no codes: with a token it does not take, it says 401 and nothing else. client:CRG3 */
  async function ask(target: string): Promise<unknown[]> {
    const request = { method: 'GET' as const, target, retry: false }
    const asking = () => client.ask(profileId, request, messagesSchema)
    const apiKey = await token()
    const { messages } = await asking().catch(async (error: unknown) => {
      if (!(error instanceof Failure && error.code === 'http_401')) throw error
      await registrar.reissue(profileId, apiKey)
      return asking()
    })
    return messages
  }

  async function token(): Promise<string> {
    return (await readAccount(db, profileId)).session?.apiKey ?? ''
  }

  return {
    /** Before each connection: a relay that was updated meanwhile is used as any other from now on. */
    async prepare(apiKey: string, reissue: boolean): Promise<void> {
      const { relay } = await readAccount(db, profileId)
      if ((await askAge(network, relay.url)) === 'modern') await leaveOlder(db, profileId)
      else if (reissue) await registrar.reissue(profileId, apiKey)
    },

    token,

    /** Catches up by time until nothing new comes. One millisecond is asked for twice: two messages may share it. */
    async fetch(): Promise<number> {
      let received = 0
      for (let page = 0; page < MOST_PAGES; page++) {
        const cursor = await sink.cursor()
        const since = cursor && `?since=${encodeURIComponent(new Date(cursor.seq - 1).toISOString())}`
        const fresh = await sink.store(await ask(`/messages${since ?? ''}`), true)
        received += fresh
        if (fresh === 0) break
      }
      return received
    },

    open({
      onAlive,
      onTrouble,
      ...socket
    }: Omit<Parameters<typeof openOlderSocket>[0], 'onFrame'> & { onAlive: () => void; onTrouble: (error: unknown) => void }) {
      return openOlderSocket({
        ...socket,
        onFrame(frame) {
          onAlive()
          if (frame.type === 'message') sink.store([frame.message], false).catch(onTrouble)
          else if (frame.type === 'reply_ack' || frame.type === 'error') sink.answered(frame)
        },
      })
    },
  }
}
