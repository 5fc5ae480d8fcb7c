import { i18n } from '#i18n'
import { longDay, moment } from '../../ui/moment.ts'
import { storageSize } from '../../ui/storageSize.ts'
import type { Code, Finding } from '../model.ts'

type Figures = Record<string, number>
type Said = (figure: (name: string) => number, word: (name: string) => string, finding: Finding) => string

const MINUTE_S = 60
const HOUR_S = 3600

const SAID: Record<Code, Said> = {
  skipped: (_, __, { needs = 'storage' }) => i18n.t('doctor.skipped', { name: i18n.t(`doctor.checks.${needs}`) }),
  crashed: (_, word) => i18n.t('doctor.crashed', { reason: word('reason') }),
  'storage.opened': (figure) => i18n.t('doctor.storage.opened', figure('messages'), { ms: rounded(figure('ms')) }),
  'storage.aside': (figure) => i18n.t('doctor.storage.aside', figure('aside')),
  'storage.closed': (_, word) => word('reason'),
  'address.good': (_, word) => word('url'),
  'address.bad': (_, word) => word('reason'),
  'key.signs': (figure) => i18n.t('doctor.key.signs', { ms: rounded(figure('ms')) }),
  'key.token': () => i18n.t('doctor.key.token'),
  'key.lost': () => i18n.t('doctor.key.lost'),
  'key.broken': () => i18n.t('doctor.key.broken'),
  'clock.right': (figure) => i18n.t('doctor.clock.right', { seconds: Math.max(1, figure('seconds')) }),
  'clock.ahead': (figure) => i18n.t('doctor.clock.ahead', { time: span(figure('seconds')) }),
  'clock.behind': (figure) => i18n.t('doctor.clock.behind', { time: span(figure('seconds')) }),
  'reach.answered': (figure, word) =>
    word('version')
      ? i18n.t('doctor.reach.answered', { ms: rounded(figure('ms')), version: word('version') })
      : i18n.t('doctor.reach.answeredOnly', { ms: rounded(figure('ms')) }),
  'reach.unwell': (figure) => i18n.t('doctor.reach.unwell', { ms: rounded(figure('ms')) }),
  'reach.stranger': () => i18n.t('doctor.reach.stranger'),
  'reach.silent': (figure, word) =>
    i18n.t(figure('local') ? 'doctor.reach.silentLocal' : 'doctor.reach.silent', { host: word('host') }),
  'reach.browserBlocks': () => i18n.t('doctor.reach.browserBlocks'),
  'features.all': (figure) => i18n.t('doctor.features.all', [figure('used')]),
  'features.some': (_, word) => i18n.t('doctor.features.some', { names: word('names') }),
  'features.old': (_, word) => i18n.t('doctor.features.old', { names: word('names') }),
  'features.older': () => i18n.t('doctor.features.older'),
  'pin.older': () => i18n.t('doctor.pin.older'),
  'pin.same': (figure) => i18n.t('doctor.pin.same', { day: longDay(figure('pinnedAt'), Date.now()) }),
  'pin.none': () => i18n.t('doctor.pin.none'),
  'pin.other': () => i18n.t('doctor.pin.other'),
  'token.accepted': (figure) => i18n.t('doctor.token.accepted', figure('channels')),
  'token.none': () => i18n.t('doctor.token.none'),
  'token.refused': () => i18n.t('doctor.token.refused'),
  'token.signature': () => i18n.t('doctor.token.signature'),
  'token.failed': (_, word) => word('reason'),
  'background.runs': () => i18n.t('doctor.background.runs'),
  'background.silent': () => i18n.t('doctor.background.silent'),
  'background.noDocument': () => i18n.t('doctor.background.noDocument'),
  'socket.open': (figure) => i18n.t('doctor.socket.open', { ms: rounded(figure('ms')), time: moment(figure('since'), Date.now()) }),
  'socket.malformed': (figure) => i18n.t('doctor.socket.malformed', figure('malformed')),
  'socket.stopped': () => i18n.t('doctor.socket.stopped'),
  'socket.waiting': (_, word) => word('reason'),
  'socket.polling': () => i18n.t('doctor.socket.polling'),
  'socket.blocked': (_, word) => word('reason'),
  'channels.all': (figure) => i18n.t('doctor.channels.all', figure('channels')),
  'channels.none': () => i18n.t('doctor.channels.none'),
  'channels.attention': (figure) => i18n.t('doctor.channels.attention', figure('needing'), { all: figure('channels') }),
  'channels.broken': (figure) => i18n.t('doctor.channels.broken', figure('failing'), { all: figure('channels') }),
  'channels.forgotten': (figure) => i18n.t('doctor.channels.forgotten', figure('known')),
  'space.used': (figure) => i18n.t('doctor.space.used', sizes(figure)),
  'space.tight': (figure) => i18n.t('doctor.space.tight', sizes(figure)),
  'space.full': () => i18n.t('doctor.space.full'),
  'space.unknown': () => i18n.t('doctor.space.unknown'),
  'notifications.on': () => i18n.t('doctor.notifications.on'),
  'notifications.off': () => i18n.t('doctor.notifications.off'),
  'notifications.notAsked': () => i18n.t('doctor.notifications.notAsked'),
  'notifications.refused': () => i18n.t('doctor.notifications.refused'),
}

/** A finding in the reader's language. */
export function findingWords(finding: Finding): string {
  const { code, figures = {} as Figures, words = {} as Record<string, string> } = finding
  return SAID[code](
    (name) => figures[name] ?? 0,
    (name) => words[name] ?? '',
    finding,
  )
}

/** How far a clock is off, in the largest unit that still says something. */
function span(seconds: number): string {
  if (seconds < 2 * MINUTE_S) return i18n.t('doctor.clock.seconds', seconds)
  if (seconds < 2 * HOUR_S) return i18n.t('doctor.clock.minutes', Math.round(seconds / MINUTE_S))
  return i18n.t('doctor.clock.hours', Math.round(seconds / HOUR_S))
}

function rounded(ms: number): number {
  return Math.max(1, Math.round(ms))
}

function sizes(figure: (name: string) => number): { used: string; quota: string } {
  return { used: storageSize(figure('usage')), quota: storageSize(figure('quota')) }
}
