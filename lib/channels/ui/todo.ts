import { useEffect, useState } from 'preact/hooks'
import { channelFacts } from '../facts.ts'
import type { KnownChannel, Step } from '../model.ts'

export type TodoKind = Step['kind'] | 'try_webhook'

export type TodoItem = {
  channelId: string
  kind: TodoKind
  channelType: Step['channelType']
  channel: KnownChannel | undefined
  taken: boolean
  /** Shown as a card with its steps, else as one line. */
  open: boolean
  /** Finished while this page was open: it stays until closed, so that success is seen. */
  done: boolean
}

/** `pairedBefore` people were known when it was opened: one more means that the code was used. */
type Opened = { channelId: string; kind: TodoKind; channelType: Step['channelType']; pairedBefore: number }

export type Todo = ReturnType<typeof useTodo>

/**
 * The to-do list of the page: the steps the database knows, the ones opened by hand, and those that turned done while being looked at.
 * The newest is open, the others are one line each. client:WIZ6, WIZ7
 */
export function useTodo(steps: readonly Step[], channels: readonly KnownChannel[]) {
  const [kept, setKept] = useState<readonly Opened[]>([])
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map())

  useEffect(() => {
    // What was once a step is remembered, so that its end can be shown.
    setKept((before) => {
      const unknown = steps.filter((step) => !before.some((item) => item.channelId === step.channelId))
      return unknown.length === 0 ? before : [...before, ...unknown.map((step) => opened(step, channels))]
    })
  }, [steps])

  const items = listTodo({ steps, channels, kept, toggled })
  const toggle = (channelId: string, open: boolean) => setToggled((before) => new Map(before).set(channelId, open))
  const forget = (channelId: string) => setKept((before) => before.filter((item) => item.channelId !== channelId))
  const left = items.filter((item) => !item.done && item.kind !== 'try_webhook')
  return {
    items,
    left: left.length,
    /** Somebody is expected to send a code or to press Confirm. */
    waiting: left.some(({ kind }) => kind === 'pair' || kind === 'verify'),
    /** Shows a card, for something just added or asked for. */
    show(item: Omit<Opened, 'pairedBefore'> & { pairedBefore?: number }): void {
      forget(item.channelId)
      setKept((before) => [...before, { pairedBefore: pairedCount(item.channelId, channels), ...item }])
      toggle(item.channelId, true)
    },
    /** Folds a step that is still to do; lets go of anything else. */
    close(channelId: string): void {
      toggle(channelId, false)
      if (!steps.some((step) => step.channelId === channelId)) forget(channelId)
    },
    open: (channelId: string) => toggle(channelId, true),
    forget,
  }
}

/** Pure: what is shown, and how. */
export function listTodo({
  steps,
  channels,
  kept,
  toggled,
}: {
  steps: readonly Step[]
  channels: readonly KnownChannel[]
  kept: readonly Opened[]
  toggled: ReadonlyMap<string, boolean>
}): TodoItem[] {
  const newest = steps.at(-1)?.channelId
  const ofSteps = steps.map((step) => ({ ...(find(kept, step.channelId) ?? opened(step, channels)), kind: step.kind }))
  const others = kept.filter((item) => !find(steps, item.channelId))
  return [...ofSteps, ...others].flatMap(({ pairedBefore, ...item }): TodoItem[] => {
    const channel = channels.find(({ id }) => id === item.channelId)
    const pending = find(steps, item.channelId) !== undefined
    // Without a step, an item means nothing without its channel, and a rebuilt channel needs nothing more.
    if (!pending && (!channel || item.kind === 'paste_token' || item.kind === 'register_again')) return []
    const done = !pending && channel !== undefined && isDone(item.kind, channel, pairedBefore)
    const taken = find(steps, item.channelId)?.taken === true
    return [{ ...item, channel, taken, done, open: toggled.get(item.channelId) ?? (!pending || item.channelId === newest) }]
  })
}

function isDone(kind: TodoKind, channel: KnownChannel, pairedBefore: number): boolean {
  if (kind === 'pair') return channelFacts(channel.config).allowedUsers.length > pairedBefore
  return kind === 'verify' && channel.config.status.state !== 'waiting_verification'
}

function opened({ channelId, kind, channelType }: Step, channels: readonly KnownChannel[]): Opened {
  return { channelId, kind, channelType, pairedBefore: pairedCount(channelId, channels) }
}

function pairedCount(channelId: string, channels: readonly KnownChannel[]): number {
  const channel = channels.find(({ id }) => id === channelId)
  return channel ? channelFacts(channel.config).allowedUsers.length : 0
}

function find<T extends { channelId: string }>(items: readonly T[], channelId: string): T | undefined {
  return items.find((item) => item.channelId === channelId)
}
