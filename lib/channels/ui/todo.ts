import { useEffect, useState } from 'preact/hooks'
import type { KnownChannel, Step } from '../model.ts'

export type TodoItem = {
  channelId: string
  kind: Step['kind'] | 'try_webhook'
  channelType: Step['channelType']
  channel: KnownChannel | undefined
  /** Shown as a card with its steps, else as one line. */
  open: boolean
  /** Finished while this page was open: it stays until closed, so that success is seen. */
  done: boolean
}

type Opened = { channelId: string; kind: TodoItem['kind']; channelType: Step['channelType'] }

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
      return unknown.length === 0 ? before : [...before, ...unknown.map(opened)]
    })
  }, [steps])

  const newest = steps.at(-1)?.channelId
  const items = merge(steps, kept).flatMap((item): TodoItem[] => {
    const channel = channels.find(({ id }) => id === item.channelId)
    const pending = steps.some((step) => step.channelId === item.channelId)
    // A finished or hand-opened item means nothing without its channel.
    if (!channel && !pending) return []
    const done = !pending && (item.kind === 'pair' || item.kind === 'verify') && !isWaiting(channel)
    const ended = !pending && (item.kind === 'paste_token' || item.kind === 'register_again')
    if (ended) return []
    return [{ ...item, channel, done, open: toggled.get(item.channelId) ?? (item.channelId === newest || !pending) }]
  })

  const toggle = (channelId: string, open: boolean) => setToggled((before) => new Map(before).set(channelId, open))
  return {
    items,
    left: items.filter((item) => !item.done && item.kind !== 'try_webhook').length,
    /** Shows a card, for something just added or asked for. */
    show(item: Opened): void {
      setKept((before) => [...before.filter((other) => other.channelId !== item.channelId), item])
      toggle(item.channelId, true)
    },
    /** Folds a step that is still to do; lets go of anything else. */
    close(channelId: string): void {
      toggle(channelId, false)
      if (!steps.some((step) => step.channelId === channelId))
        setKept((before) => before.filter((item) => item.channelId !== channelId))
    },
    open: (channelId: string) => toggle(channelId, true),
    forget: (channelId: string) => setKept((before) => before.filter((item) => item.channelId !== channelId)),
  }
}

function opened({ channelId, kind, channelType }: Step): Opened {
  return { channelId, kind, channelType }
}

/** The database decides the kind and comes first. */
function merge(steps: readonly Step[], kept: readonly Opened[]): Opened[] {
  return [...steps.map(opened), ...kept.filter((item) => !steps.some((step) => step.channelId === item.channelId))]
}

function isWaiting(channel: KnownChannel | undefined): boolean {
  const state = channel?.config.status.state
  return state === 'waiting_pairing' || state === 'waiting_verification'
}
