import { ExternalLink } from 'lucide-preact'
import { i18n } from '#i18n'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Icon } from '../../ui/Icon.tsx'

/** Where a Discord bot is added to a server: without one in common nobody can write to it. client:WIZ2 */
export function InviteBot({ url, primary }: { url: string; primary?: boolean }) {
  return (
    <div class="row-line wizard-actions">
      <a class={primary ? 'btn btn-primary' : 'btn btn-sm'} href={url} target="_blank" rel="noreferrer noopener">
        {i18n.t('wizard.discord.invite')}
        <Icon of={ExternalLink} flip />
      </a>
      <CopyButton bare text={url} thing={i18n.t('wizard.discord.link')} />
    </div>
  )
}
