import { Send } from 'lucide-preact'
import { useId, useState } from 'preact/hooks'
import { i18n } from '#i18n'
import type { Conversation } from '../../inbox/model.ts'
import { useAction } from '../../ui/action.ts'
import { Button } from '../../ui/Button.tsx'
import { FailureNote } from '../../ui/FailureNote.tsx'
import { Icon } from '../../ui/Icon.tsx'
import type { PageContext } from '../page.ts'

/** A line to answer with. What could not be kept stays in it. */
export function AnswerForm({ page: { inbox, profileId }, conversation }: { page: PageContext; conversation: Conversation }) {
  const id = useId()
  const [text, setText] = useState('')
  const send = useAction(async () => {
    await inbox.send({ profileId, conversationId: conversation.id, content: text.trim(), attachments: [] })
    setText('')
  })
  const empty = text.trim() === ''
  return (
    <form
      class="stack"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        if (!empty && !send.busy) void send.run()
      }}
    >
      <label class="label" for={id}>
        {i18n.t('start.answer.label', { name: conversation.title })}
      </label>
      <div class="paste">
        <div class="field">
          <input id={id} type="text" dir="auto" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </div>
        <Button kind="primary" type="submit" disabled={empty || send.busy}>
          <Icon of={Send} flip />
          {i18n.t('start.answer.send')}
        </Button>
      </div>
      <FailureNote failure={send.failure} />
    </form>
  )
}
