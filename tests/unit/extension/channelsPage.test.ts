import { describe, expect, it } from 'vitest'
import type { ChannelConfig } from '#protocol/channel.ts'
import type { KnownChannel, Step } from '../../../lib/channels/model.ts'
import { onlyDifferent, withChange } from '../../../lib/channels/ui/channelChange.ts'
import { listTodo } from '../../../lib/channels/ui/todo.ts'

function channel(id: string, over: Partial<ChannelConfig> = {}): KnownChannel {
  const config: ChannelConfig = {
    id,
    type: 'telegram',
    agentId: '',
    direction: 'bidirectional',
    enabled: true,
    createdAt: '2026-03-01T11:00:00.000Z',
    status: { state: 'ok' },
    metadata: {},
    ...over,
  }
  return { profileId: 'default', id, config, seenAt: 0, order: 0 }
}

function step(channelId: string, kind: Step['kind'] = 'pair'): Step {
  return { profileId: 'default', channelId, kind, channelType: 'telegram', createdAt: 0, dismissed: 0 }
}

describe('saving a channel', () => {
  const { config } = channel('c', { name: 'ci', metadata: { allowedUsers: ['1'], other: true } })

  it('client:CHN1 sends only what differs; unset words are empty and unset switches are off', () => {
    const same = { name: 'ci', prompt: '', agentId: '', enabled: true, runInBackground: false, allowedUsers: ['1'] }
    expect(onlyDifferent(config, same)).toEqual({})
    expect(onlyDifferent(config, { ...same, prompt: 'x', allowedUsers: [] })).toEqual({ prompt: 'x', allowedUsers: [] })
    expect(onlyDifferent(config, { direction: 'inbound', allowedSenders: ['@x.example'] })).toEqual({
      direction: 'inbound',
      allowedSenders: ['@x.example'],
    })
  })

  it('client:CHN1 a change shows in place, lists in the metadata', () => {
    const changed = withChange(config, { enabled: false, allowedUsers: ['2'] })
    expect(changed.enabled).toBe(false)
    expect(changed.metadata).toEqual({ allowedUsers: ['2'], other: true })
    expect(onlyDifferent(changed, { enabled: false, allowedUsers: ['2'] })).toEqual({})
    expect(onlyDifferent(config, { mentionOnly: false })).toEqual({})
    expect(withChange(config, { mentionOnly: true }).metadata).toEqual({ allowedUsers: ['1'], other: true, mentionOnly: true })
  })
})

describe('the to-do list', () => {
  const none = new Map<string, boolean>()
  const opened = { channelId: 'a', kind: 'pair', channelType: 'telegram', pairedBefore: 0 } as const

  it('client:WIZ7 shows every step, the newest open, the others as one line', () => {
    const items = listTodo({ steps: [step('a'), step('b')], channels: [channel('a'), channel('b')], kept: [], toggled: none })
    expect(items.map(({ channelId, open, done }) => [channelId, open, done])).toEqual([
      ['a', false, false],
      ['b', true, false],
    ])
  })

  it('client:WIZ6 a step that ended while it was looked at stays as done', () => {
    const paired = channel('a', { metadata: { allowedUsers: ['7'] } })
    const [item] = listTodo({ steps: [], channels: [paired], kept: [opened], toggled: none })
    expect(item).toMatchObject({ done: true, open: true })
  })

  it('client:WIZ6 a second person is not paired by the first one being known', () => {
    const paired = channel('a', { metadata: { allowedUsers: ['7'] } })
    const second = { ...opened, pairedBefore: 1 }
    expect(listTodo({ steps: [], channels: [paired], kept: [second], toggled: none })[0]?.done).toBe(false)
    const both = channel('a', { metadata: { allowedUsers: ['7', '8'] } })
    expect(listTodo({ steps: [], channels: [both], kept: [second], toggled: none })[0]?.done).toBe(true)
  })

  it('client:CHN2 what is gone from the relay leaves the list, unless its step asks for it back', () => {
    expect(listTodo({ steps: [], channels: [], kept: [opened], toggled: none })).toEqual([])
    expect(listTodo({ steps: [step('a', 'paste_token')], channels: [], kept: [], toggled: none })).toHaveLength(1)
  })

  it('client:WIZ4 an address is done when it no longer waits', () => {
    const verify = { ...opened, kind: 'verify' } as const
    const waiting = channel('a', { type: 'email', status: { state: 'waiting_verification' } })
    expect(listTodo({ steps: [], channels: [waiting], kept: [verify], toggled: none })[0]?.done).toBe(false)
    expect(listTodo({ steps: [], channels: [channel('a')], kept: [verify], toggled: none })[0]?.done).toBe(true)
  })
})
