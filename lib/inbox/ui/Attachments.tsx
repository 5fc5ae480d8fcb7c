import type { ComponentChildren } from 'preact'
import type { InboxMessage } from '../model.ts'
import { FileCard } from './FileCard.tsx'
import { mayPlay, mayShow } from './files.ts'
import { OriginalMail } from './OriginalMail.tsx'
import { Picture } from './Picture.tsx'
import { VoiceNote } from './VoiceNote.tsx'

/** The files of a message: images shown and recordings played where that is safe, all others to download. client:CAT1-CAT4, VCE1 */
export function Attachments({ message, time }: { message: InboxMessage; time: ComponentChildren }) {
  return (
    <>
      {message.attachments.map((file, index) => {
        const last = index === message.attachments.length - 1
        const props = { message, file, time: last ? time : undefined }
        if (file.role === 'html') return <OriginalMail key={file.id} {...props} />
        if (mayPlay(file)) return <VoiceNote key={file.id} {...props} />
        return mayShow(file) ? <Picture key={file.id} {...props} /> : <FileCard key={file.id} {...props} />
      })}
    </>
  )
}
