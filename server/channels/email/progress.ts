import type { ChannelHost } from '../port.ts'
import { emailChannels } from './channelFacts.ts'
import { CURSOR, type Cursor, createCursor } from './cursor.ts'

export type Progress = ReturnType<typeof createProgress>

/**
 * The one cursor of the relay, shared by polling and webhook. It is kept under the channels: each mail commits it under its own, so that none of
 * them is special, and the newest counts after a restart. relay:EML7
 */
export function createProgress(host: Pick<ChannelHost, 'find' | 'position' | 'setPosition'>) {
  let opened: Promise<Cursor | undefined> | undefined
  let stored: string | undefined

  async function open(): Promise<Cursor | undefined> {
    const channels = emailChannels(host)
    if (channels.length === 0) return undefined
    const kept = await Promise.all(channels.map(({ id }) => host.position(id, CURSOR)))
    const start = Math.min(...channels.map(({ createdAt }) => createdAt))
    return createCursor(
      kept.filter((value) => value !== undefined),
      start,
    )
  }

  return {
    /** Undefined while there is no e-mail channel: nothing can be for one then. */
    async cursor(): Promise<Cursor | undefined> {
      opened ??= open()
      const pending = opened
      try {
        const cursor = await pending
        if (!cursor && opened === pending) opened = undefined
        return cursor
      } catch (error) {
        if (opened === pending) opened = undefined
        throw error
      }
    },
    /** Keeps what no mail has committed, such as refused mails. */
    async keep(cursor: Cursor): Promise<void> {
      const value = cursor.value()
      const [channel] = emailChannels(host)
      if (value === stored || !channel) return
      await host.setPosition(channel.id, CURSOR, value)
      stored = value
    },
  }
}
