import { messagesAnswerSchema } from '#protocol/http.ts'
import { readMode } from '../../approvals/mode.ts'
import { asFailure } from '../../ui/action.ts'
import { useLive } from '../../ui/live.ts'
import type { PageContext } from '../page.ts'
import { createPageWorld } from './pageWorld.ts'
import type { Shared } from './shared.ts'

export type Known<T> = { value: T } | { unavailable: string } | undefined

/** What the status shows beyond what every page knows, each part on its own: one that fails takes no other with it. client:STA1, STA2 */
export function useStatusFacts({ db, connection, profileId }: PageContext, shared: Shared) {
  const state = shared.connection.value?.now?.state
  const relayUrl = shared.profile.value?.relayUrl
  const details = useLive(() => connection.details({ profileId }), [], [profileId, relayUrl, state])
  const head = useLive(
    async () => {
      const cursor = await db.get('cursors', profileId)
      const query = new URLSearchParams({ after: String(cursor?.seq ?? 0), limit: '1', ...(cursor && { epoch: cursor.epoch }) })
      const request = { method: 'GET' as const, target: `/messages?${query}`, retry: false }
      const answer = await createPageWorld(db).client.ask(profileId, request, messagesAnswerSchema)
      return { read: cursor?.seq ?? 0, head: answer.head }
    },
    ['messages'],
    [db, profileId, relayUrl, state],
  )
  const session = useLive(
    async () => {
      const [stored, channels] = await Promise.all([db.get('sessions', profileId), db.getAll('steps', within(profileId))])
      return { stored, forgotten: channels.filter(({ kind }) => kind === 'register_again' || kind === 'paste_token').length }
    },
    ['connection', 'profiles', 'steps'],
    [db, profileId, state],
  )
  const mode = useLive(() => readMode(db, profileId), ['settings'], [db, profileId])
  return { details: known(details), head: known(head), session: known(session), mode: known(mode) }
}

function known<T>({ value, error }: { value: T | undefined; error: Error | undefined }): Known<T> {
  if (error) return { unavailable: asFailure(error).message }
  return value === undefined ? undefined : { value }
}

function within(profileId: string): IDBKeyRange {
  return IDBKeyRange.bound([profileId], [profileId, []])
}
