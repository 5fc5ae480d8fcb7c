import { createContext } from 'preact'
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { Change, Changes } from '../messaging/changes.ts'

/** Whose changes a page follows. Provide it once around the page. */
export const ChangesContext = createContext<Pick<Changes, 'listen'> | undefined>(undefined)

export type Live<T> = { value: T | undefined; error: Error | undefined; reload: () => void }

/**
 * Reads now, when `deps` change, and again whenever one of the topics changes in any context. Reads never overlap: changes during a read
 * cause one more afterwards, so a burst costs few. A read for old deps is aborted and its answer dropped. The last good value stays while
 * a later read fails. client:UIX2
 */
export function useLive<T>(
  read: (signal: AbortSignal) => Promise<T>,
  topics: readonly Change['topic'][],
  deps: readonly unknown[],
  concerns: (change: Change) => boolean = () => true,
): Live<T> {
  const changes = useContext(ChangesContext)
  const [state, setState] = useState<{ value: T | undefined; error: Error | undefined }>({ value: undefined, error: undefined })
  const latest = useRef({ read, topics, concerns })
  latest.current = { read, topics, concerns }
  const again = useRef<() => void>(() => {})

  useEffect(() => {
    const abort = new AbortController()
    const run = repeatable(async () => {
      try {
        const value = await latest.current.read(abort.signal)
        if (!abort.signal.aborted) setState({ value, error: undefined })
      } catch (cause) {
        const error = cause instanceof Error ? cause : new Error(String(cause))
        if (!abort.signal.aborted) setState((before) => ({ value: before.value, error }))
      }
      return !abort.signal.aborted
    })
    again.current = run
    const stop = changes?.listen((change) => {
      if (latest.current.topics.includes(change.topic) && latest.current.concerns(change)) run()
    })
    run()
    return () => {
      abort.abort()
      stop?.()
    }
  }, [changes, ...deps])

  const reload = useCallback(() => again.current(), [])
  return { ...state, reload }
}

/** Runs a job at once, or once more after the running one; a job that answers false ends it. */
function repeatable(job: () => Promise<boolean>): () => void {
  let running = false
  let wanted = false
  const loop = async (): Promise<void> => {
    running = true
    do wanted = false
    while ((await job()) && wanted)
    running = false
  }
  return () => {
    wanted = true
    if (!running) void loop()
  }
}
