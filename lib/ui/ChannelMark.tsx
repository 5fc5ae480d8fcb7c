import type { ChannelType } from '#protocol/message.ts'
import { channelName } from './channelName.ts'

const PATHS: Record<ChannelType, string> = {
  telegram: 'M21 3 3 10l7 4 4 7zM21 3 10 14',
  discord:
    'M8 5.5h8a4.5 4.5 0 0 1 4.4 3.6L21.5 15c.4 2-1.3 3.6-3.2 3.2L15.5 16h-7l-2.8 2.2c-1.9.4-3.6-1.2-3.2-3.2l1.1-5.9A4.5 4.5 0 0 1 8 5.5zM9 11.5h.01M15 11.5h.01',
  slack: 'M4 9h16M4 15h16M10 3.5 8 20.5M16 3.5l-2 17',
  email: 'M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM4 7.5l8 6 8-6',
  webhook:
    'M9.5 6a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M3 17.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M16 17.5a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M10.8 8.2 6.8 15.3M8 17.5h8M13.2 8.2l4 7.1',
}

/** The small solid sign of a channel, or the large tinted one. Named for screen readers unless the word stands beside it. */
export function ChannelMark({ type, large, silent }: { type: ChannelType; large?: boolean; silent?: boolean }) {
  return (
    <span class={`mark ch-${type}${large ? ' mark-lg' : ''}`}>
      <ChannelGlyph type={type} />
      {!silent && <span class="sr">{channelName(type)}</span>}
    </span>
  )
}

/** The bare drawing, in the current colour. */
export function ChannelGlyph({ type }: { type: ChannelType }) {
  return (
    <svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[type]} />
    </svg>
  )
}
