import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Attachment } from '#protocol/message.ts'
import { Failure } from '../../messaging/failure.ts'
import { asFailure } from '../../ui/action.ts'
import type { InboxMessage } from '../model.ts'
import { readFile } from '../queries.ts'
import { useHost } from './host.ts'

export type FileState =
  | { state: 'idle' }
  | { state: 'fetching' }
  | { state: 'ready'; bytes: ArrayBuffer; mimeType: string; preview: boolean }
  | { state: 'failed'; failure: Failure }

/** Tries again while the relay itself still waits for the file, this often and in these steps. client:CAT4 */
const PENDING_TRIES = 5
const PENDING_WAIT_S = 3

/** One file of a message: fetched through the core when asked for, kept only as long as it is shown. client:CAT1, CAT4 */
export function useFile(message: InboxMessage, file: Attachment) {
  const { db, inbox } = useHost()
  const [state, setState] = useState<FileState>({ state: 'idle' })
  const stopped = useRef<AbortController>(undefined)
  useEffect(() => () => stopped.current?.abort(), [])

  const load = useCallback(async (): Promise<Extract<FileState, { state: 'ready' }> | undefined> => {
    stopped.current?.abort()
    const abort = new AbortController()
    stopped.current = abort
    setState({ state: 'fetching' })
    const key = { profileId: message.profileId, messageId: message.id, attachmentId: file.id }
    try {
      const { preview } = await patiently(() => inbox.fetchFile(key), abort.signal)
      const row = await readFile(db, key.profileId, key.messageId, key.attachmentId)
      if (!row) throw new Failure('file_gone', i18n.t('thread.file.gone'))
      const ready = { state: 'ready', bytes: row.bytes, mimeType: row.mimeType, preview } as const
      if (!abort.signal.aborted) setState(ready)
      return ready
    } catch (error) {
      if (!abort.signal.aborted) setState({ state: 'failed', failure: asFailure(error) })
      return undefined
    }
  }, [db, inbox, message.profileId, message.id, file.id])

  return { ...state, load }
}

async function patiently<T>(fetchIt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await fetchIt()
    } catch (error) {
      const pending = error instanceof Failure && error.code === 'attachment_pending'
      if (!pending || tries >= PENDING_TRIES || signal.aborted) throw error
      await new Promise((resume) => setTimeout(resume, (error.retryAfter ?? PENDING_WAIT_S) * 1000))
    }
  }
}
