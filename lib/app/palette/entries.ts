import {
  BellOff,
  BellRing,
  CheckCheck,
  Keyboard,
  type LucideIcon,
  Moon,
  PanelRight,
  RefreshCw,
  Reply,
  Rows3,
  Search,
  Sun,
  SunMoon,
  Users,
} from 'lucide-preact'
import { i18n } from '#i18n'
import type { ChannelType } from '#protocol/message.ts'
import type { KnownChannel } from '../../channels/model.ts'
import type { Settings } from '../../inbox/messages.ts'
import type { ConversationRow } from '../../inbox/queries.ts'
import { channelName } from '../../ui/channelName.ts'
import { href } from '../../ui/router.ts'
import { rowTime } from '../../ui/time.ts'
import type { useBound } from '../keys/useBound.ts'
import { pageIcons, pageNames, pageTitle } from '../options/pages.ts'
import type { PageContext } from '../page.ts'
import { profileTitle } from '../profileTitle.ts'
import { quietChoices } from '../quietChoices.ts'

/** One thing to go to or to do. */
export type Entry = {
  id: string
  kind: 'conversation' | 'channel' | 'page' | 'action' | 'profile'
  label: string
  mark: { icon: LucideIcon } | { name?: string; type: ChannelType }
  unread?: number
  /** What tells it from others of its kind: its channel, and when something came last. */
  about?: string
  /** The keys that do the same without the palette. */
  keys?: readonly string[]
  /** May resolve with what is said when it is done, for what shows nothing by itself. */
  run: () => unknown
}

/** How this window gets to places. */
export type Ways = {
  /** To a place of the inbox: `#/reply/…`. */
  inbox: (hash: string) => void | Promise<void>
  options: (hash: string) => void | Promise<void>
  /** `undefined` where there is none, or this is it. */
  sidePanel: (() => Promise<void>) | undefined
  chooseProfile: (profileId: string) => void
  showKeys: () => void
}

export type Known = {
  rows: readonly ConversationRow[]
  channels: readonly KnownChannel[]
  profiles: readonly { id: string; name: string }[]
  settings: Settings
  /** Of the whole browser, by command. */
  bound: ReturnType<typeof useBound>
}

/** Everything there is, in the order in which it is offered before anything is typed. client:PAL1 */
export function entriesOf(page: PageContext, ways: Ways, known: Known): Entry[] {
  return [
    ...conversations(ways, known),
    ...actions(page, ways, known),
    ...pages(ways),
    ...channels(ways, known),
    ...profiles(page, ways, known),
  ]
}

function conversations({ inbox }: Ways, { rows }: Known): Entry[] {
  const now = Date.now()
  return rows.map(({ id, title, channelType, unread, lastAt }) => ({
    id: `conversation ${id}`,
    kind: 'conversation',
    label: title,
    mark: { name: title, type: channelType },
    unread,
    about: i18n.t('palette.about', { channel: channelName(channelType), time: rowTime(lastAt, now) }),
    run: () => inbox(href('conversation', id)),
  }))
}

function channels({ options }: Ways, known: Known): Entry[] {
  return known.channels.map(({ id, config }) => ({
    id: `channel ${id}`,
    kind: 'channel',
    label: config.name || channelName(config.type),
    mark: { type: config.type },
    run: () => options(href('channels', 'at', id)),
  }))
}

/** What was typed may be words of a message. */
export function searchEntry({ inbox }: Ways, typed: string): Entry {
  return {
    id: 'search',
    kind: 'action',
    label: i18n.t('palette.search', { typed: typed.trim() }),
    mark: { icon: Search },
    run: () => inbox(href('search', typed.trim())),
  }
}

function pages({ options }: Ways): Entry[] {
  return pageNames.map((name) => ({
    id: `page ${name}`,
    kind: 'page',
    label: pageTitle(name),
    mark: { icon: pageIcons[name] },
    run: () => options(href(name)),
  }))
}

function profiles(page: PageContext, { chooseProfile }: Ways, known: Known): Entry[] {
  return known.profiles
    .filter(({ id }) => id !== page.profileId)
    .map(({ id, name }) => ({
      id: `profile ${id}`,
      kind: 'profile',
      label: i18n.t('palette.switchTo', { name: profileTitle(name) }),
      mark: { icon: Users },
      run: () => chooseProfile(id),
    }))
}

function actions({ profileId, inbox, connection, settings }: PageContext, ways: Ways, known: Known): Entry[] {
  const { notifications, theme, density, observedChannels: observed } = known.settings
  const set = (change: Partial<Settings>) => settings.set({ profileId, change })
  const keysOf: { [name in ActionName]?: readonly string[] | undefined } = {
    reply: known.bound?.get('reply-to-newest'),
    sidePanel: known.bound?.get('open-side-panel'),
    keys: ['?'],
  }
  const action = (name: ActionName, icon: LucideIcon, run: Entry['run'], wanted = true): Entry[] =>
    wanted
      ? [
          {
            ...{ id: `action ${name}`, kind: 'action', label: i18n.t(`palette.actions.${name}`), mark: { icon }, run },
            keys: keysOf[name] ?? [],
          },
        ]
      : []
  const answered = known.channels.filter(({ id, config }) => config.direction === 'bidirectional' && !observed.includes(id))
  const open = new Set(answered.map(({ id }) => id))
  const newest = [...known.rows].sort((a, b) => b.lastMessageAt - a.lastMessageAt).find(({ channelId }) => open.has(channelId))
  const unread = known.rows.filter((row) => row.unread > 0)
  const { sidePanel } = ways
  return [
    ...(newest ? action('reply', Reply, () => ways.inbox(href('reply', newest.id))) : []),
    ...action(
      'allRead',
      CheckCheck,
      async () => {
        for (const { id: conversationId } of unread) await inbox.markRead({ profileId, conversationId })
        return i18n.t('palette.allRead', unread.length)
      },
      unread.length > 0,
    ),
    ...action('poll', RefreshCw, async () => i18n.t('palette.found', (await connection.pollNow({ profileId })).received)),
    ...(sidePanel ? action('sidePanel', PanelRight, sidePanel) : []),
    ...action('notificationsOff', BellOff, () => set({ notifications: 'off' }), notifications === 'on'),
    ...action('notificationsOn', BellRing, () => set({ notifications: 'on' }), notifications !== 'on'),
    ...(notifications === 'on' ? quietChoices(known.settings.quiet, Date.now()) : []).map(
      ({ label, change }): Entry => ({
        id: `quiet ${label}`,
        kind: 'action',
        label: i18n.t('palette.quiet', { choice: label }),
        mark: { icon: BellOff },
        run: () => set(change),
      }),
    ),
    ...action('dark', Moon, () => set({ theme: 'dark' }), theme !== 'dark'),
    ...action('light', Sun, () => set({ theme: 'light' }), theme !== 'light'),
    ...action('system', SunMoon, () => set({ theme: 'system' }), theme !== 'system'),
    ...action('compact', Rows3, () => set({ density: 'compact' }), density === 'comfortable'),
    ...action('comfortable', Rows3, () => set({ density: 'comfortable' }), density === 'compact'),
    ...action('keys', Keyboard, ways.showKeys),
  ]
}

type ActionName =
  | 'reply'
  | 'allRead'
  | 'poll'
  | 'sidePanel'
  | 'notificationsOff'
  | 'notificationsOn'
  | 'dark'
  | 'light'
  | 'system'
  | 'compact'
  | 'comfortable'
  | 'keys'
