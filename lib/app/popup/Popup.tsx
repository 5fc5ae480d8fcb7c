import { Inbox as InboxIcon, MessageSquare } from 'lucide-preact'
import { useCallback, useEffect, useMemo } from 'preact/hooks'
import { i18n } from '#i18n'
import { ApprovalStrip } from '../../approvals/ui/ApprovalStrip.tsx'
import { listChannels, listSteps } from '../../channels/queries.ts'
import type { Settings } from '../../inbox/messages.ts'
import { nameAtRelay } from '../../inbox/takenOver.ts'
import { useCleanUp } from '../../inbox/ui/cleanUp.ts'
import { handOverDrafts } from '../../inbox/ui/draftCopy.ts'
import { HostContext, type InboxHost } from '../../inbox/ui/host.ts'
import { Inbox } from '../../inbox/ui/Inbox.tsx'
import { placeOf } from '../../inbox/ui/places.ts'
import { readUnsent } from '../../inbox/ui/unsent.ts'
import { readProfile } from '../../profiles/queries.ts'
import { readConnection } from '../../relay/queries.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { useModule } from '../../ui/lazy.ts'
import { useLive } from '../../ui/live.ts'
import { useOnline } from '../../ui/online.ts'
import { useRoute } from '../../ui/router.ts'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import { applyLook } from '../../ui/theme.ts'
import { KeyHelp } from '../keys/KeyHelp.tsx'
import { ProfileSwitch } from '../ProfileSwitch.tsx'
import type { PageContext } from '../page.ts'
import { PasteAnywhere } from '../paste/PasteAnywhere.tsx'
import { ConnectionStrip } from './ConnectionStrip.tsx'
import { Divider, useListWidth } from './Divider.tsx'
import { FirstRun } from './FirstRun.tsx'
import { PopupHeader } from './PopupHeader.tsx'
import { QuietMenu } from './QuietMenu.tsx'
import { StepStrip } from './StepStrip.tsx'
import { troubleOf } from './strips.ts'
import { hasSidePanel, isActionPopup, openOptions, openSidePanel, openWindow } from './windows.ts'

const loadConversation = () => import('../../inbox/ui/Conversation.tsx')
const loadApproval = () => import('../../approvals/ui/ApprovalPage.tsx')

/** The inbox, and over or beside it the open conversation. */
export function Popup({ page, choose }: { page: PageContext; choose: (profileId: string) => void }) {
  const { db, profileId } = page
  const route = useRoute()
  const place = placeOf(route)
  const open = place.view === 'conversation' ? place.id : undefined
  const approvalId = route[0] === 'approval' ? route[1] : undefined
  const profile = useLive(() => readProfile(db, profileId), ['profiles'], [db, profileId]).value
  const connection = useLive(() => readConnection(db, profileId), ['connection'], [db, profileId]).value
  const known = useLive(() => listChannels(db, profileId), ['channels'], [db, profileId]).value
  const steps = useLive(() => listSteps(db, profileId), ['steps', 'channels'], [db, profileId]).value
  const settings = useLive(() => page.settings.get({ profileId }), ['settings'], [page]).value
  const waiting = useLive(() => readUnsent(db, profileId), ['replies'], [db, profileId]).value?.waiting ?? 0
  const channels = useMemo(() => known?.map(({ config }) => config), [known])
  const online = useOnline()
  const list = useListWidth()
  const conversation = useModule(loadConversation, open !== undefined)
  const approval = useModule(loadApproval, approvalId !== undefined)

  useEffect(() => {
    if (settings) applyLook(settings)
  }, [settings])
  useEffect(() => {
    void handOverDrafts(page.inbox).catch(() => undefined)
    // Opening a conversation should not wait for its code.
    const idle = setTimeout(() => void loadConversation(), PRELOAD_AFTER_MS)
    return () => clearTimeout(idle)
  }, [page])

  const changeSettings = useCallback((change: Partial<Settings>) => page.settings.set({ profileId, change }), [page])
  const host = useMemo(
    (): InboxHost => ({
      db,
      profileId,
      tell: page.changes.tell,
      inbox: page.inbox,
      chores: page.chores,
      channels,
      settings,
      changeSettings,
      switchRepliesOn: async (channelId) => {
        await page.channels.change({ profileId, channelId, change: { direction: 'bidirectional' } })
      },
      takeOver: async (row, on) => {
        await page.channels.takeOver({ profileId, channelId: row.channelId, conversation: nameAtRelay(row) ?? '', on })
      },
      openWindow: isActionPopup() ? openWindow : undefined,
    }),
    [page, channels, settings],
  )
  const ways = useMemo(
    () => ({
      inbox: (hash: string) => {
        location.hash = hash
      },
      options: openOptions,
      sidePanel: isActionPopup() && hasSidePanel() ? () => openSidePanel(location.hash) : undefined,
      chooseProfile: choose,
    }),
    [choose],
  )
  const tryNow = (): void => void page.connection.reconnect({ profileId }).catch(() => undefined)
  const connect = (): void => void page.connection.connect({ profileId }).catch(() => undefined)
  const cleaning = useCleanUp(page.chores)
  const strip = (inConversation: boolean) => (
    <>
      <ConnectionStrip
        connection={connection}
        waiting={waiting}
        inConversation={inConversation}
        onTry={tryNow}
        onConnect={connect}
        cleaning={cleaning}
      />
      <ApprovalStrip db={db} profileId={profileId} away={approvalId !== undefined} />
    </>
  )
  const listOnly = open === undefined && approvalId === undefined
  return (
    <HostContext.Provider value={host}>
      <main class={listOnly ? 'popup panel' : 'popup panel show-conv'} style={{ '--list-width': `${list.width}px` }}>
        <div class="panel-list">
          <PopupHeader
            name={profile?.name}
            profiles={<ProfileSwitch page={page} choose={choose} manage={() => void openOptions('#/profiles')} />}
            onTry={troubleOf(connection, online) === 'reconnecting' ? tryNow : undefined}
            quiet={settings?.notifications === 'on' && <QuietMenu settings={settings} set={changeSettings} />}
          />
          {strip(false)}
          <StepStrip steps={steps} channels={channels} />
          <Inbox
            open={open}
            keysHere={listOnly}
            find={route[0] === 'search' ? route[1] : undefined}
            whenEmpty={
              channels === undefined ? <SkeletonRows toolbar /> : channels.length === 0 ? <FirstRun page={page} /> : <Quiet />
            }
          />
        </div>
        <Divider {...list} />
        <div class="panel-conv">
          {approvalId !== undefined ? (
            approval && <approval.ApprovalPage key={approvalId} host={page} id={approvalId} />
          ) : place.view === 'list' ? (
            <Pick />
          ) : (
            conversation && (
              <conversation.Conversation
                key={place.id}
                id={place.id}
                goal={place.goal}
                begin={place.begin}
                clip={place.clip}
                strips={strip(true)}
              />
            )
          )}
        </div>
      </main>
      <PasteAnywhere page={page} options={openOptions} />
      <KeyHelp
        page={page}
        ways={ways}
        groups={POPUP_KEYS}
        letters={settings?.shortcuts !== false}
        setLetters={(shortcuts) => changeSettings({ shortcuts })}
      />
    </HostContext.Provider>
  )
}

const POPUP_KEYS = ['list', 'conversation', 'marking'] as const
/** After the first paint. Milliseconds. */
const PRELOAD_AFTER_MS = 300

/** Channels, but nothing has come in yet. */
function Quiet() {
  return (
    <EmptyState
      icon={InboxIcon}
      title={i18n.t('popup.quiet.title')}
      action={<Button onClick={() => void openOptions('#/channels')}>{i18n.t('popup.quiet.channels')}</Button>}
    >
      {i18n.t('popup.quiet.text')}
    </EmptyState>
  )
}

/** The right half of a wide window while no conversation is open. */
function Pick() {
  return (
    <EmptyState
      icon={MessageSquare}
      title={i18n.t('popup.pick.title')}
      action={<Button onClick={toTheList}>{i18n.t('popup.pick.go')}</Button>}
    >
      {i18n.t('popup.pick.text')}
    </EmptyState>
  )
}

/** To what the left half begins with: the search, the paste box, or its own next step. */
function toTheList(): void {
  document.querySelector<HTMLElement>('.panel-list input, .panel-list .blank .btn')?.focus()
}
