import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { ChannelConfig } from '#protocol/channel.ts'
import type { Failure } from '../../messaging/failure.ts'
import { asFailure } from '../../ui/action.ts'
import type { ChannelChange } from '../messages.ts'
import type { ChannelActions } from './actions.ts'

export type ChannelEditor = {
  /** The channel as it will be if the relay agrees. */
  config: ChannelConfig
  /** By field. */
  failures: Readonly<Record<string, Failure | undefined>>
  /** Shows the change at once, sends only what differs, and takes it back with the reason if the relay refuses. client:CHN1 */
  save: (change: ChannelChange) => Promise<boolean>
}

export function useChannelEditor(stored: ChannelConfig, change: ChannelActions['change']): ChannelEditor {
  const [pending, setPending] = useState<readonly ChannelChange[]>([])
  const [failures, setFailures] = useState<ChannelEditor['failures']>({})
  const [answered, setAnswered] = useState<ChannelConfig>()
  // The stored channel is newer than the last answer as soon as it changes.
  useEffect(() => setAnswered(undefined), [stored])
  const config = pending.reduce(withChange, answered ?? stored)
  const shown = useRef(config)
  shown.current = config

  const save = useCallback(
    async (wanted: ChannelChange): Promise<boolean> => {
      const different = onlyDifferent(shown.current, wanted)
      const fields = Object.keys(different)
      if (fields.length === 0) return true
      setPending((before) => [...before, different])
      setFailures((before) => without(before, fields))
      try {
        setAnswered(await change(stored.id, different))
        return true
      } catch (error) {
        const failure = asFailure(error)
        setFailures((before) => ({ ...before, ...Object.fromEntries(fields.map((field) => [field, failure])) }))
        return false
      } finally {
        setPending((before) => before.filter((item) => item !== different))
      }
    },
    [stored.id, change],
  )
  return { config, failures, save }
}

/** Allowed users and senders, and whether a mention is needed, live in the metadata. */
export function withChange(
  config: ChannelConfig,
  { allowedUsers, allowedSenders, mentionOnly, ...fields }: ChannelChange,
): ChannelConfig {
  const lists = { ...(allowedUsers && { allowedUsers }), ...(allowedSenders && { allowedSenders }) }
  const settings = { ...lists, ...(mentionOnly !== undefined && { mentionOnly }) }
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  return { ...config, ...given, metadata: { ...config.metadata, ...settings } }
}

/** The members of a change that would change something. Unset words are empty ones, unset switches are off. */
export function onlyDifferent(config: ChannelConfig, wanted: ChannelChange): ChannelChange {
  const now: Record<string, unknown> = { mentionOnly: false, ...config, ...config.metadata, ...flat(config) }
  return Object.fromEntries(Object.entries(wanted).filter(([field, value]) => JSON.stringify(now[field]) !== JSON.stringify(value)))
}

function flat({
  name = '',
  prompt = '',
  agentId,
  enabled,
  direction,
  runInBackground = false,
  notifyOnComplete = false,
}: ChannelConfig) {
  return { name, prompt, agentId, enabled, direction, runInBackground, notifyOnComplete }
}

function without(failures: ChannelEditor['failures'], fields: readonly string[]): ChannelEditor['failures'] {
  return Object.fromEntries(Object.entries(failures).filter(([field]) => !fields.includes(field)))
}
