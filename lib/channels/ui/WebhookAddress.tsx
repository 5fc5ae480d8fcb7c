import { i18n } from '#i18n'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { curlExample } from '../facts.ts'

/** An address in full, selectable, with its copy button. client:WIZ8 */
export function CodeLine({ text, thing }: { text: string; thing: string }) {
  return (
    <div class="code-line">
      <code dir="ltr">{text}</code>
      <CopyButton text={text} thing={thing} />
    </div>
  )
}

/** How to send to a webhook from a terminal. */
export function CurlExample({ url }: { url: string }) {
  const example = curlExample(url)
  return (
    <figure class="stack">
      <figcaption class="caption faint">{i18n.t('wizard.webhook.terminal')}</figcaption>
      <div class="code-line">
        <pre dir="ltr">{example}</pre>
        <CopyButton text={example} thing={i18n.t('wizard.webhook.example')} />
      </div>
    </figure>
  )
}
