import { expect, it } from 'vitest'
import { isTakenOver, nameAtRelay } from '../../../lib/inbox/takenOver.ts'
import type { ChannelType } from '../../../lib/protocol/message.ts'
import { channel } from './support/channels.ts'

const conversation = (channelType: ChannelType, id: string) => ({ id, channelId: 'c', channelType })
const chat = conversation('telegram', 'c:7')

it('relay:TKO1, client:TKO1 names a conversation as the relay does', () => {
  expect(nameAtRelay(chat)).toBe('7')
  expect(nameAtRelay(conversation('discord', 'c:1:2'))).toBe('1:2')
  expect(nameAtRelay(conversation('webhook', 'c'))).toBe('')
  expect(nameAtRelay(conversation('slack', 'c'))).toBeUndefined()
})

it('client:TKO1 is offered where the relay knows of it and somebody answers, and can be handed back everywhere', () => {
  const telegram = channel('c', { type: 'telegram', direction: 'bidirectional' })
  expect(isTakenOver(undefined, chat)).toBeUndefined()
  expect(isTakenOver(telegram, chat)).toBeUndefined()
  expect(isTakenOver({ ...telegram, takenOver: ['8'] }, chat)).toBe(false)
  expect(isTakenOver({ ...telegram, takenOver: ['7'] }, chat)).toBe(true)
  expect(isTakenOver({ ...telegram, takenOver: [] }, conversation('telegram', 'c'))).toBeUndefined()
  expect(isTakenOver({ ...telegram, takenOver: [], direction: 'inbound' }, chat)).toBeUndefined()
  expect(isTakenOver({ ...telegram, takenOver: ['7'], direction: 'inbound' }, chat)).toBe(true)
  const email = channel('c', { type: 'email', direction: 'bidirectional', takenOver: ['ada@example.com'] })
  expect(isTakenOver(email, conversation('email', 'c:Ada@Example.com'))).toBe(true)
})
