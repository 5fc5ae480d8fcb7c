import * as z from 'zod/mini'

/** What changed in the database. Told to every open context after the commit; pages re-read what they show. */
export const changeSchema = z.object({
  topic: z.enum([
    'messages',
    'marks',
    'replies',
    'drafts',
    'scheduled',
    'connection',
    'channels',
    'steps',
    'settings',
    'files',
    'gaps',
    /** There is room again: what waits on the relay may come in. client:CDD10 */
    'room',
    'automations',
    'profiles',
    'approvals',
    /** Somebody writes. Nothing is stored about it. client:TPS2 */
    'typing',
  ]),
  profileId: z.string(),
  /** Set when the change is within one conversation. */
  conversationId: z.optional(z.string()),
})
export type Change = z.infer<typeof changeSchema>

export type Changes = ReturnType<typeof createChanges>

/** A BroadcastChannel with a schema. It wakes nobody: a stopped worker is woken by chrome.runtime messages only (client:ARC3). */
export function createChanges(open: () => BroadcastChannel = () => new BroadcastChannel('chaos-changes')) {
  const channel = open()
  const listeners = new Set<(change: Change) => void>()
  channel.onmessage = (event: MessageEvent<unknown>) => {
    const change = changeSchema.safeParse(event.data)
    if (change.success) for (const listener of listeners) listener(change.data)
  }
  return {
    /** Tells the other contexts and the listeners of this one. */
    tell(change: Change): void {
      channel.postMessage(change)
      for (const listener of listeners) listener(change)
    },
    listen(listener: (change: Change) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close(): void {
      channel.close()
      listeners.clear()
    },
  }
}
