import { ChevronDown, ShieldAlert, TriangleAlert, Users } from 'lucide-preact'
import { i18n } from '#i18n'
import { ConnectionState } from '../ui/ConnectionState.tsx'
import { Icon } from '../ui/Icon.tsx'
import { type MenuParts, useMenu } from '../ui/menuParts.ts'
import { elsewhere, type ProfileRow } from './profileRows.ts'
import { profileTitle } from './profileTitle.ts'

/** client:INB2 */
const HIGHEST_COUNT = 99

type Props = {
  /** The profile in view. */
  shown?: string | undefined
  /** All of them; `undefined` until read, and then nothing can be chosen. */
  rows?: readonly ProfileRow[] | undefined
  choose?: ((profileId: string) => void) | undefined
  /** Leads to the page of the profiles. */
  manage?: (() => void) | undefined
}

/** Whose inbox this is and how its connection stands; pressed, all profiles to choose from. client:PRF3, UIX2 */
export function ProfileMenu({ shown, rows, choose, manage }: Props) {
  const menu = useMenu()
  const row = rows?.find(({ id }) => id === shown)
  const name = profileTitle(row?.name)
  return (
    <span class="menu-anchor profile-anchor">
      <button
        ref={menu.button}
        type="button"
        class="profile-btn"
        aria-haspopup="menu"
        aria-expanded={menu.open}
        onClick={menu.toggle}
      >
        <span class="sr">{i18n.t('profiles.switch', { name })}</span>
        <Tile name={name} />
        <span class="stack grow">
          <span class="profile-name">
            <span class="truncate" aria-hidden="true">
              {name}
            </span>
            <Icon of={ChevronDown} size="sm" />
            {rows && <Elsewhere rows={rows} shown={shown} />}
          </span>
          <ConnectionState connection={row?.connection} />
        </span>
      </button>
      {menu.open && rows && <Choices menu={menu} shown={shown} rows={rows} choose={choose} manage={manage} />}
    </span>
  )
}

/** What waits in profiles that are not in view. */
function Elsewhere({ rows, shown }: { rows: readonly ProfileRow[]; shown: string | undefined }) {
  const { needy, asking, unread } = elsewhere(rows, shown)
  if (needy)
    return (
      <span class="elsewhere-fail">
        <Icon of={TriangleAlert} size="sm" />
        <span class="sr">{i18n.t('profiles.needsYou', { name: profileTitle(needy.name) })}</span>
      </span>
    )
  if (asking) return <Asking words={i18n.t('profiles.asksYou', { name: profileTitle(asking.name) })} />
  return unread > 0 ? <Count of={unread} words={i18n.t('profiles.unreadElsewhere', unread)} /> : null
}

function Choices({ menu, shown, rows, choose, manage }: Omit<Props, 'rows'> & { menu: MenuParts; rows: readonly ProfileRow[] }) {
  const act = (run: (() => void) | undefined) => () => {
    menu.close()
    run?.()
  }
  return (
    <div class="menu profile-menu" role="menu" aria-label={i18n.t('profiles.title')} ref={menu.list} onKeyDown={menu.onKeyDown}>
      {rows.map(({ id, name, unread, asking, connection }) => (
        <button
          key={id}
          type="button"
          role="menuitemradio"
          aria-checked={id === shown}
          tabIndex={-1}
          class="menu-item profile-item"
          onClick={act(() => id !== shown && choose?.(id))}
        >
          <Tile name={profileTitle(name)} />
          <span class="stack grow">
            <span class="profile-name">
              <span class="truncate">{profileTitle(name)}</span>
            </span>
            <ConnectionState connection={connection} />
          </span>
          {asking > 0 && <Asking words={i18n.t('profiles.asking', asking)} />}
          {unread > 0 && <Count of={unread} words={i18n.t('inbox.unreadCount', unread)} />}
        </button>
      ))}
      <button type="button" role="menuitem" tabIndex={-1} class="menu-item profile-item profile-manage" onClick={act(manage)}>
        <Icon of={Users} size="lg" />
        {i18n.t('profiles.manage')}
      </button>
    </div>
  )
}

function Tile({ name }: { name: string }) {
  return (
    <span class="tile" aria-hidden="true">
      {[...name][0]?.toLocaleUpperCase() ?? ''}
    </span>
  )
}

/** An approval waits there. client:APR13 */
function Asking({ words }: { words: string }) {
  return (
    <span class="asking">
      <Icon of={ShieldAlert} size="sm" />
      <span class="sr">{words}</span>
    </span>
  )
}

function Count({ of, words }: { of: number; words: string }) {
  return (
    <span class="count">
      <span aria-hidden="true">{of > HIGHEST_COUNT ? `${HIGHEST_COUNT}+` : of}</span>
      <span class="sr">{words}</span>
    </span>
  )
}
