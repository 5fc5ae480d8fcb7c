import type { types } from '@slack/bolt'
import type { FakeApp } from './model.ts'

/** What Slack wraps around each event, by whatever way it is delivered. */
export type EventCallback = {
  token: string
  team_id: string
  api_app_id: string
  type: 'event_callback'
  event_id: string
  event_time: number
  event: { type: string }
}

/** Events as the official types have them; anything else only by its type, for what no user here does. */
export type Event = types.AllMessageEvents | types.AppMentionEvent | { type: string; [member: string]: unknown }

/** `number` is another one for each event. */
export function eventCallback(app: FakeApp, event: Event, number: number): EventCallback {
  return {
    token: 'the deprecated verification token',
    team_id: app.teamId,
    api_app_id: app.appId,
    type: 'event_callback',
    event_id: `Ev${String(number).padStart(9, '0')}`,
    event_time: Math.floor(Date.now() / 1000),
    event,
  }
}
