import { useEffect, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from './Announcer.tsx'

/** How long "Copied" stays, in milliseconds. */
const COPIED_MS = 2000

/** Puts a text into the clipboard and says whether it worked; `copied` for a moment afterwards. */
export function useCopied(): { copied: boolean; copy: (text: string | Promise<string>) => Promise<void> } {
  const announce = useAnnounce()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), COPIED_MS)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = async (text: string | Promise<string>): Promise<void> => {
    try {
      await navigator.clipboard.writeText(await text)
      setCopied(true)
      announce(i18n.t('options.copied'))
    } catch {
      announce(i18n.t('options.copyFailed'), 'assertive')
    }
  }
  return { copied, copy }
}
