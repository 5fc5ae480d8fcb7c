import { useEffect, useState } from 'preact/hooks'

/** An address for bytes in memory while they are shown. */
export function useObjectUrl(bytes: ArrayBuffer | undefined, mimeType: string): string | undefined {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (!bytes) return
    const made = URL.createObjectURL(new Blob([bytes], { type: mimeType }))
    setUrl(made)
    return () => {
      setUrl(undefined)
      URL.revokeObjectURL(made)
    }
  }, [bytes, mimeType])
  return url
}
