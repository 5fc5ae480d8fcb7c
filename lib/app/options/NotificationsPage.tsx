import { BellOff } from 'lucide-preact'
import { i18n } from '#i18n'
import { channelTitle } from '../../channels/facts.ts'
import type { KnownChannel } from '../../channels/model.ts'
import type { Settings } from '../../inbox/messages.ts'
import { ChannelMark } from '../../ui/ChannelMark.tsx'
import { channelName } from '../../ui/channelName.ts'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { useLive } from '../../ui/live.ts'
import { href } from '../../ui/router.ts'
import { Choice, SwitchRow } from '../../ui/SettingRows.tsx'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { Tag } from '../../ui/Tag.tsx'
import type { PageContext } from '../page.ts'
import { profileTitle } from '../profileTitle.ts'
import { NotificationExample } from './NotificationExample.tsx'
import { PageHead } from './PageHead.tsx'
import { QuietHours } from './QuietHours.tsx'
import { type SettingsEditor, useSettingsEditor } from './settingsEditor.ts'
import type { Shared } from './shared.ts'

/** What the browser tells, and how the pages look. client:INB3, INB4 */
export function NotificationsPage({ page, shared }: { page: PageContext; shared: Shared }) {
  const editor = useSettingsEditor(page, shared.settings.value)
  const several = (useLive(() => page.db.count('profiles'), ['profiles'], [page.db]).value ?? 1) > 1
  return (
    <>
      <PageHead title={i18n.t('options.notifications')}>{i18n.t('notificationsPage.intro')}</PageHead>
      <FailureNote failure={editor.failure} lead={(reason) => i18n.t('notificationsPage.notSaved', { reason })} />
      {editor.settings ? (
        <>
          <Telling
            settings={editor.settings}
            set={editor.set}
            channels={shared.channels.value ?? []}
            profile={several ? profileTitle(shared.profile.value?.name) : undefined}
          />
          <QuietHours settings={editor.settings} set={editor.set} />
          <Look settings={editor.settings} set={editor.set} />
          <Keyboard settings={editor.settings} set={editor.set} />
        </>
      ) : (
        <div class="card">
          <SkeletonRows rows={4} />
        </div>
      )}
    </>
  )
}

type Part = { settings: Settings; set: SettingsEditor['set'] }

/** `profile` names the one in view where there are several. */
function Telling({ settings, set, channels, profile }: Part & { channels: readonly KnownChannel[]; profile: string | undefined }) {
  const allowed = settings.notifications === 'on'
  const on = allowed && settings.profileNotifications
  const muted = channels.filter(({ id }) => settings.mutedChannels.includes(id)).length
  return (
    <>
      <section class="section" aria-labelledby="telling">
        <div class="section-head">
          <h2 id="telling">{i18n.t('notificationsPage.notifications')}</h2>
        </div>
        <div class="card">
          <SwitchRow
            title={i18n.t('notificationsPage.on')}
            help={i18n.t(settings.notifications === 'ask' ? 'notificationsPage.undecided' : 'notificationsPage.onHelp')}
            on={allowed}
            onChange={(wanted) => set({ notifications: wanted ? 'on' : 'off' })}
          />
          <SwitchRow
            title={i18n.t('notificationsPage.content')}
            help={i18n.t('notificationsPage.contentHelp')}
            on={settings.notificationContent}
            disabled={!allowed}
            onChange={(notificationContent) => set({ notificationContent })}
          />
          <NotificationExample disabled={!allowed} withContent={settings.notificationContent} />
          {profile !== undefined && (
            <SwitchRow
              title={i18n.t('notificationsPage.ofProfile', { name: profile })}
              help={i18n.t('notificationsPage.ofProfileHelp')}
              on={settings.profileNotifications}
              disabled={!allowed}
              onChange={(profileNotifications) => set({ profileNotifications })}
            />
          )}
        </div>
      </section>
      <section class="section" aria-labelledby="by-channel">
        <div class="section-head">
          <h2 id="by-channel">{i18n.t('notificationsPage.byChannel')}</h2>
          <span class="muted">{i18n.t('notificationsPage.byChannelHelp')}</span>
          {muted > 0 && <Tag icon={BellOff}>{i18n.t('notificationsPage.mutedCount', muted)}</Tag>}
        </div>
        <div class="card">
          {channels.length === 0 && (
            <p class="setting-row muted">
              <span class="grow">{i18n.t('notificationsPage.none')}</span>
              <a href={href('channels')}>{i18n.t('notificationsPage.addOne')}</a>
            </p>
          )}
          {channels.map(({ id, config }) => {
            const name = channelTitle(config) || channelName(config.type)
            const muted = settings.mutedChannels.includes(id)
            const others = settings.mutedChannels.filter((other) => other !== id)
            return (
              <div class="setting-row" key={id}>
                <ChannelMark type={config.type} />
                <span class="grow truncate">{name}</span>
                {name !== channelName(config.type) && <span class="small muted wide-only">{channelName(config.type)}</span>}
                <Switch
                  on={on && !muted}
                  disabled={!on}
                  onChange={(tell) => set({ mutedChannels: tell ? others : [...others, id] })}
                  silent
                >
                  {i18n.t('notificationsPage.notify', { name })}
                </Switch>
              </div>
            )
          })}
        </div>
      </section>
    </>
  )
}

function Look({ settings, set }: Part) {
  return (
    <section class="section" aria-labelledby="look">
      <div class="section-head">
        <h2 id="look">{i18n.t('notificationsPage.appearance')}</h2>
      </div>
      <div class="card">
        <Choice
          title={i18n.t('notificationsPage.theme')}
          value={settings.theme}
          options={[
            ['system', i18n.t('notificationsPage.themes.system')],
            ['light', i18n.t('notificationsPage.themes.light')],
            ['dark', i18n.t('notificationsPage.themes.dark')],
          ]}
          onChange={(theme) => set({ theme })}
        />
        <Choice
          title={i18n.t('notificationsPage.density')}
          value={settings.density}
          options={[
            ['comfortable', i18n.t('notificationsPage.densities.comfortable')],
            ['compact', i18n.t('notificationsPage.densities.compact')],
          ]}
          onChange={(density) => set({ density })}
        />
      </div>
    </section>
  )
}

function Keyboard({ settings, set }: Part) {
  return (
    <section class="section" aria-labelledby="keyboard">
      <div class="section-head">
        <h2 id="keyboard">{i18n.t('notificationsPage.keyboard')}</h2>
      </div>
      <div class="card">
        <SwitchRow
          title={i18n.t('notificationsPage.shortcuts')}
          help={i18n.t('notificationsPage.shortcutsHelp')}
          on={settings.shortcuts}
          onChange={(shortcuts) => set({ shortcuts })}
        />
      </div>
    </section>
  )
}
