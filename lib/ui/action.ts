import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { Failure } from '../messaging/failure.ts'

/** What a page knows of something it asked for. */
export type Action<A extends unknown[]> = {
  busy: boolean
  failure: Failure | undefined
  /** Resolves with whether it worked; never rejects. A second call while busy does nothing. */
  run: (...args: A) => Promise<boolean>
  reset: () => void
}

/** Any error as one a person can read: a Failure as it is, anything else as "try again". */
export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure('internal', i18n.t('options.failed'), { cause: error })
}

/** Runs one thing at a time and keeps its refusal, to be shown beside the control. */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Action<A> {
  const [state, setState] = useState<{ busy: boolean; failure: Failure | undefined }>({ busy: false, failure: undefined })
  const latest = useRef(act)
  latest.current = act
  const running = useRef(false)
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])

  const run = useCallback(async (...args: A): Promise<boolean> => {
    if (running.current) return false
    running.current = true
    setState({ busy: true, failure: undefined })
    const failure = await latest.current(...args).then(() => undefined, asFailure)
    running.current = false
    if (here.current) setState({ busy: false, failure })
    return failure === undefined
  }, [])
  const reset = useCallback(() => setState((before) => ({ ...before, failure: undefined })), [])
  return { ...state, run, reset }
}
