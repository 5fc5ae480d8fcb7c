import { Activity, Bell, Gauge, Info, Lock, type LucideIcon, Plug, Server, ShieldCheck, Users } from 'lucide-preact'
import { i18n } from '#i18n'

export const pageNames = [
  ...(['channels', 'profiles', 'approvals', 'connection'] as const),
  ...(['security', 'notifications', 'status', 'diagnostics', 'about'] as const),
]
/** The first steps are a page too, but not in the navigation. */
export type PageName = (typeof pageNames)[number] | 'start'

export const pageIcons: Record<(typeof pageNames)[number], LucideIcon> = {
  channels: Plug,
  profiles: Users,
  approvals: ShieldCheck,
  connection: Server,
  security: Lock,
  notifications: Bell,
  status: Gauge,
  diagnostics: Activity,
  about: Info,
}

export function pageTitle(name: PageName): string {
  return name === 'start' ? i18n.t('start.name') : i18n.t(`options.${name}`)
}

/** The page a route names; anything unknown is the first. */
export function pageOf(route: readonly string[]): PageName {
  return route[0] === 'start' ? 'start' : (pageNames.find((name) => name === route[0]) ?? 'channels')
}
