import type { ComponentChildren } from 'preact'
import type { InboxMessage } from '../model.ts'
import { FileCard } from './FileCard.tsx'
import { mayShow } from './files.ts'
import { OriginalMail } from './OriginalMail.tsx'
import { Picture } from './Picture.tsx'

/** The files of a message: images shown where that is safe, all others to download. client:CAT1-CAT4 */
export function Attachments({ message, time }: { message: InboxMessage; time: ComponentChildren }) {
  return (
    <>
      {message.attachments.map((file, index) => {
        const last = index === message.attachments.length - 1
        const props = { message, file, time: last ? time : undefined }
        if (file.role === 'html') return <OriginalMail key={file.id} {...props} />
        return mayShow(file) ? <Picture key={file.id} {...props} /> : <FileCard key={file.id} {...props} />
      })}
    </>
  )
}
