/** Keys by what they are for; the names are those of `keys.does` in the texts. */
export const KEY_GROUPS = {
  list: [
    ['/', 'search'],
    ['J K', 'move'],
    ['Enter', 'open'],
    ['R', 'reply'],
  ],
  conversation: [
    ['R', 'reply'],
    ['Enter', 'send'],
    ['Shift Enter', 'breakLine'],
    ['Alt ↓ ↑', 'neighbours'],
    ['Esc', 'back'],
  ],
  marking: [
    ['U', 'unread'],
    ['P', 'pin'],
    ['E', 'archive'],
    ['S', 'snooze'],
    ['M', 'mute'],
  ],
  everywhere: [
    ['Mod K', 'palette'],
    ['?', 'keys'],
  ],
} as const

export type KeyGroup = keyof typeof KEY_GROUPS

/** What the keys of the whole browser are called in the manifest. client:RCH3 */
export const COMMANDS = [
  ['_execute_action', 'popup'],
  ['open-side-panel', 'sidePanel'],
  ['reply-to-newest', 'reply'],
] as const
