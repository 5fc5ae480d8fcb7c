import { Check, Copy } from 'lucide-preact'
import { useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'

/** Copies the report as it is at the moment. client:DOC3 */
export function CopyReport({ text, ready }: { text: () => string; ready: boolean }) {
  const announce = useAnnounce()
  const [copied, setCopied] = useState<'yes' | 'no'>()
  const copy = async (): Promise<void> => {
    const done = await navigator.clipboard.writeText(text()).then(
      () => true,
      () => false,
    )
    setCopied(done ? 'yes' : 'no')
    announce(i18n.t(done ? 'options.copied' : 'options.copyFailed'), done ? 'polite' : 'assertive')
  }
  return (
    <Button disabled={!ready} onClick={() => void copy()}>
      <Icon of={copied === 'yes' ? Check : Copy} />
      {copied === undefined ? i18n.t('doctor.report') : i18n.t(copied === 'yes' ? 'options.copied' : 'doctor.notCopied')}
    </Button>
  )
}
