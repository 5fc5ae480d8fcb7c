import { ArrowUp, Paperclip, Zap } from 'lucide-preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import { MAX_REPLY_BYTES } from '#protocol/limits.ts'
import { useAction } from '../../ui/action.ts'
import { ChannelMark } from '../../ui/ChannelMark.tsx'
import { channelName } from '../../ui/channelName.ts'
import { FailureNote, useWait } from '../../ui/FailureNote.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { useModule } from '../../ui/lazy.ts'
import { rich, slots } from '../../ui/rich.tsx'
import { href } from '../../ui/router.ts'
import type { Conversation } from '../model.ts'
import { ByteCount } from './ByteCount.tsx'
import { bytesOf } from './bytes.ts'
import { ChosenFiles, RefusedFiles } from './ChosenFiles.tsx'
import { useHost } from './host.ts'
import { addFiles, type Chosen, encodeFiles, type Refusal } from './outgoing.ts'
import { QuickReplies } from './QuickReplies.tsx'
import { ScheduledTray } from './ScheduledTray.tsx'
import { SendLater } from './SendLater.tsx'
import { useClip } from './useClip.ts'
import { useDraft } from './useDraft.ts'
import { useDrop } from './useDrop.ts'
import { useQuickReplies } from './useQuickReplies.ts'
import { useScheduling } from './useScheduling.ts'
import { useTyping } from './useTyping.ts'
import { Waiting } from './Waiting.tsx'

const loadQuickReplies = () => import('./QuickReplyDialog.tsx')

type Props = { row: Conversation; begin: 'reply' | 'attach' | undefined; clip?: string | undefined }

/** The reply box. Who gets the answer, and by which way, always stands above it. client:CRP1, CRP5, CRP6, CAT6, CAT7, QRP2 */
export function Composer({ row, begin, clip }: Props) {
  const { inbox, openWindow } = useHost()
  const draft = useDraft(row.id)
  const { typing, stop } = useTyping(row.id)
  const [files, setFiles] = useState<Chosen[]>([])
  const [refused, setRefused] = useState<Refusal[]>([])
  const box = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const attach = useRef<HTMLButtonElement>(null)
  const scheduling = useScheduling()
  const send = useAction(async (content: string, chosen: Chosen[], sendAt?: number) => {
    const reply = { profileId: row.profileId, conversationId: row.id, content, attachments: await encodeFiles(chosen) }
    if (sendAt === undefined) await inbox.send(reply)
    else await scheduling.add({ ...reply, sendAt })
  })
  const wait = useWait(send.failure)
  const names = { name: row.title, channel: channelName(row.channelType) }
  const ready = (draft.text.trim() !== '' || files.length > 0) && bytesOf(draft.text) <= MAX_REPLY_BYTES && wait === 0 && !send.busy

  const choose = (added: File[]): void => {
    const result = addFiles(files, added)
    setFiles(result.chosen)
    setRefused(result.refused)
    box.current?.focus()
  }
  const over = useDrop(choose)
  useClip(row.id, clip, choose)
  const quick = useQuickReplies(row, draft.text, (words, over) => {
    const element = box.current
    if (!element) return
    element.focus()
    if (over) element.select()
    element.setRangeText(words, element.selectionStart, element.selectionEnd, 'end')
    draft.write(element.value)
  })
  const [editing, setEditing] = useState(false)
  const quickDialog = useModule(loadQuickReplies, editing)
  const submit = async (sendAt?: number): Promise<void> => {
    if (!ready) return
    const text = draft.text
    const chosen = files
    stop()
    draft.hold()
    setFiles([])
    setRefused([])
    if (await send.run(text, chosen, sendAt)) draft.sent()
    else {
      draft.restore(text)
      setFiles(chosen)
    }
  }

  useGrowing(box, draft.text)
  useEffect(() => {
    if (begin === 'attach') attach.current?.focus()
    else if (begin === 'reply') box.current?.focus()
  }, [begin])

  return (
    <>
      <form
        class={over ? 'composer is-over' : 'composer'}
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <ScheduledTray conversationId={row.id} />
        <Waiting conversationId={row.id} />
        <QuickReplies
          replies={quick}
          onEdit={() => {
            quick.close()
            setEditing(true)
          }}
        />
        <p class="composer-to">
          <ChannelMark type={row.channelType} silent />
          <span>{rich(i18n.t('composer.replyingTo', slots('name', 'channel')), { ...names, name: <b>{names.name}</b> })}</span>
          <ByteCount text={draft.text} />
          <IconButton
            icon={Zap}
            size="md"
            label={i18n.t('quick.open')}
            popup="dialog"
            expanded={quick.open}
            onClick={() => {
              quick.toggle()
              box.current?.focus()
            }}
          />
        </p>
        <FailureNote failure={send.failure} lead={(reason) => `${i18n.t('composer.notSent')} ${reason}`} />
        <RefusedFiles refused={refused} />
        <ChosenFiles files={files} onRemove={(id) => setFiles(files.filter((file) => file.id !== id))} />
        <div class="field">
          <IconButton
            ref={attach}
            icon={Paperclip}
            size="md"
            label={i18n.t(openWindow ? 'composer.attachWindow' : 'composer.attach')}
            onClick={() => (openWindow ? void openWindow(href('attach', row.id)) : picker.current?.click())}
          />
          <input
            ref={picker}
            class="picker"
            type="file"
            multiple
            tabIndex={-1}
            aria-hidden="true"
            onChange={(event) => {
              choose([...(event.currentTarget.files ?? [])])
              event.currentTarget.value = ''
            }}
          />
          <textarea
            ref={box}
            rows={1}
            placeholder={i18n.t(over ? 'composer.dropHere' : begin === 'attach' ? 'composer.attachHere' : 'composer.placeholder')}
            aria-label={i18n.t('composer.label', names)}
            {...quick.field}
            value={draft.text}
            onInput={(event) => {
              draft.write(event.currentTarget.value)
              quick.typed(event.currentTarget.value)
              if (event.currentTarget.value !== '') typing()
              if (send.failure) send.reset()
            }}
            onKeyDown={(event) => {
              if (quick.press(event)) return
              // The Enter that ends a composition belongs to the input method; 229 says so where isComposing does not.
              if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
              event.preventDefault()
              void submit()
            }}
            onPaste={(event) => {
              const pasted = [...(event.clipboardData?.files ?? [])]
              if (pasted.length === 0) return
              event.preventDefault()
              choose(pasted)
            }}
          />
          <SendLater disabled={!ready} onChoose={(sendAt) => void submit(sendAt)} />
          <IconButton type="submit" icon={ArrowUp} size="md" class="send" label={i18n.t('composer.send')} disabled={!ready} />
        </div>
      </form>
      {editing && quickDialog && <quickDialog.QuickReplyDialog onClose={() => setEditing(false)} />}
    </>
  )
}

/** The box is as high as its text, up to a limit set by its style. */
function useGrowing(box: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    element.style.blockSize = 'auto'
    element.style.blockSize = `${element.scrollHeight}px`
  }, [box, text])
}
