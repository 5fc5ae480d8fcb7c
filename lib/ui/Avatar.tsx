import type { ChannelType } from '#protocol/message.ts'
import { ChannelMark } from './ChannelMark.tsx'
import { initials } from './initials.ts'

/** Who, as initials, with the channel it came by in the corner. */
export function Avatar({ name, type }: { name: string; type: ChannelType }) {
  return (
    <span class={`avatar ch-${type}`}>
      <span aria-hidden="true">{initials(name)}</span>
      <ChannelMark type={type} />
    </span>
  )
}
