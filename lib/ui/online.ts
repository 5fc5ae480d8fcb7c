import { useLayoutEffect, useState } from 'preact/hooks'

/** Whether the browser believes it has a network. */
export function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine)
  useLayoutEffect(() => {
    const read = (): void => setOnline(navigator.onLine)
    addEventListener('online', read)
    addEventListener('offline', read)
    // It may have changed since the first look, before anyone listened.
    read()
    return () => {
      removeEventListener('online', read)
      removeEventListener('offline', read)
    }
  }, [])
  return online
}
