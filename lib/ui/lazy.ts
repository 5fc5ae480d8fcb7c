import { useEffect, useState } from 'preact/hooks'

/** A module that is loaded when it is first needed. `undefined` while it comes; a failing load throws into the page's error. */
export function useModule<T>(load: () => Promise<T>, wanted = true): T | undefined {
  const [module, setModule] = useState<{ value: T }>()
  useEffect(() => {
    let here = true
    if (wanted && !module) void load().then((value) => here && setModule({ value }))
    return () => {
      here = false
    }
  }, [wanted])
  return module?.value
}
