import { type ComponentChildren, Fragment } from 'preact'
import { i18n } from '#i18n'
import type { Failure } from '../../messaging/failure.ts'
import { Button } from '../../ui/Button.tsx'
import { useDelayed } from '../../ui/delayed.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Choice } from '../../ui/SettingRows.tsx'
import { storageSize } from '../../ui/storageSize.ts'
import { AboutPart } from './AboutPart.tsx'

/** Paths in the source, in reading order. */
const DOCUMENTS = [
  ['README.md', 'readme'],
  ['docs/self-hosting.md', 'selfHosting'],
  ['docs/configuration.md', 'configuration'],
  ['docs/troubleshooting.md', 'troubleshooting'],
  ['docs/privacy.md', 'privacy'],
  ['ARCHITECTURE.md', 'architecture'],
  ['SECURITY.md', 'security'],
  ['CHANGELOG.md', 'changelog'],
] as const

/** Messages to keep: fewer for a small disk, at most what a relay keeps too. */
const KEEP = [10_000, 50_000, 100_000] as const

type Props = {
  version: string
  licence: string
  relayHost: string
  /** `undefined` while it is being asked. */
  relay: { ok: true; version: string } | { ok: false; reason: string } | undefined
  /** Sizes in bytes, where the browser tells. */
  kept: { messages: number; conversations: number; used: number | undefined; quota: number | undefined } | undefined
  /** How many messages stay, when files are fetched, and how to change that. client:CDD11, CAT1 */
  keep: { settings: Kept; change: (change: Partial<Kept>) => void; failure: Failure | undefined } | undefined
  /** client:CDD10 */
  cleaning: { busy: boolean; failure: Failure | undefined; words: string | undefined; run: () => Promise<unknown> }
  /** What stands before the documents. */
  children: ComponentChildren
}

type Kept = { keepMessages: number; fetchFiles: 'opened' | 'arriving' }

/** What this is, what it keeps, and where to read on. */
export function About({ version, licence, relayHost, relay, kept, keep, cleaning, children }: Props) {
  const foot = keep && (
    <div class="about-foot">
      <Choice
        title={i18n.t('about.keep')}
        help={i18n.t('about.keepHelp')}
        value={keep.settings.keepMessages}
        options={keepOptions(keep.settings.keepMessages).map((count) => [count, count.toLocaleString()] as const)}
        onChange={(keepMessages) => keep.change({ keepMessages })}
      />
      <Choice
        title={i18n.t('about.files')}
        help={i18n.t('about.filesHelp')}
        value={keep.settings.fetchFiles}
        options={[
          ['opened', i18n.t('about.fetch.opened')],
          ['arriving', i18n.t('about.fetch.arriving')],
        ]}
        onChange={(fetchFiles) => keep.change({ fetchFiles })}
      />
      <FailureNote failure={keep.failure} />
    </div>
  )
  return (
    <>
      <AboutPart id="product" title={i18n.t('about.product')}>
        <dl class="pairs">
          <dt>{i18n.t('about.version')}</dt>
          <dd class="num">{version}</dd>
          <dt>{i18n.t('about.licence')}</dt>
          <dd translate={false}>{licence}</dd>
          <dt>{i18n.t('about.relay')}</dt>
          <dd>{relay ? relayLine(relay, relayHost) : <Waiting />}</dd>
        </dl>
      </AboutPart>
      <AboutPart id="kept" title={i18n.t('about.data')} foot={foot}>
        <dl class="pairs">
          <dt>{i18n.t('about.messages')}</dt>
          <dd class="num">
            {kept ? (
              i18n.t('about.messageCount', kept.messages, {
                conversations: i18n.t('about.conversationCount', kept.conversations),
              })
            ) : (
              <Waiting />
            )}
          </dd>
          <dt>{i18n.t('about.space')}</dt>
          <dd class="num">{kept ? spaceLine(kept.used, kept.quota) : <Waiting />}</dd>
        </dl>
        <div class="row-line clean-up">
          <Button small disabled={cleaning.busy} onClick={() => void cleaning.run()}>
            {i18n.t('cleanUp.button')}
          </Button>
          <span class="small muted" role="status">
            {cleaning.words ?? i18n.t('cleanUp.help')}
          </span>
        </div>
        <FailureNote failure={cleaning.failure} />
        <p class="small muted">{i18n.t('about.local')}</p>
      </AboutPart>
      {children}
      <AboutPart id="documents" title={i18n.t('about.documents')}>
        <dl class="pairs documents">
          {DOCUMENTS.map(([path, text]) => (
            <Fragment key={path}>
              <dt>
                <code dir="ltr">{path}</code>
              </dt>
              <dd>{i18n.t(`about.texts.${text}`)}</dd>
            </Fragment>
          ))}
        </dl>
        <p class="small muted">{i18n.t('about.documentsHelp')}</p>
      </AboutPart>
    </>
  )
}

function Waiting() {
  return <span class={useDelayed(true) ? 'skeleton skeleton-word' : 'skeleton-word'} />
}

function relayLine(relay: NonNullable<Props['relay']>, address: string): string {
  return relay.ok
    ? i18n.t('about.relayVersion', { version: relay.version, address })
    : i18n.t('about.relayAway', { reason: relay.reason })
}

function spaceLine(used: number | undefined, quota: number | undefined): string {
  if (used === undefined || quota === undefined) return i18n.t('about.spaceUnknown')
  return i18n.t('about.spaceUsed', { used: storageSize(used), quota: storageSize(quota) })
}

/** A number set elsewhere stays among the choices. */
function keepOptions(now: number): number[] {
  return [...new Set([...KEEP, now])].sort((a, b) => a - b)
}
