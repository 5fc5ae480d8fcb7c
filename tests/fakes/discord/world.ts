import type { FakeBot, FakeChannel, FakeFile } from './model.ts'
import type { Snowflakes } from './snowflakes.ts'

/** Addresses of files end after a day. */
export const FILE_LIFE_MS = 24 * 60 * 60_000

/** What there is on this Discord. Every bot is a member of every guild. */
export type World = {
  now: () => number
  ids: Snowflakes
  bots: FakeBot[]
  channels: Map<string, FakeChannel>
  guilds: Map<string, { id: string; name: string }>
  files: Map<string, FakeFile>
  /** Instead of files, the file host answers that they are there. */
  filesMovedTo: string | undefined
  /** Sessions a bot may still begin today. */
  startsLeft: number
  /** Set once the server listens. */
  origin: string
}

export function createWorld(now: () => number, ids: Snowflakes): World {
  return {
    now,
    ids,
    bots: [],
    channels: new Map(),
    guilds: new Map(),
    files: new Map(),
    filesMovedTo: undefined,
    startsLeft: 999,
    origin: '',
  }
}

/** The direct messages of two: there is one channel for them, however often it is opened. */
export function directChannel({ channels, ids }: World, userId: string): FakeChannel {
  for (const channel of channels.values()) if (channel.recipientId === userId) return channel
  const made: FakeChannel = { id: ids.next(), recipientId: userId, messages: [], closed: false }
  channels.set(made.id, made)
  return made
}

/** Makes bytes fetchable at a signed address. */
export function storeFile(world: World, filename: string, bytes: Buffer, contentType: string): { id: string; url: string } {
  const id = world.ids.next()
  const path = `/attachments/${id}/${encodeURIComponent(filename)}`
  const file: FakeFile = { path, bytes, contentType, validUntil: world.now() + FILE_LIFE_MS }
  world.files.set(path, file)
  return { id, url: fileUrl(world, file) }
}

export function fileUrl(world: World, file: FakeFile): string {
  return `${world.origin}${file.path}?ex=${expiry(file)}&is=0&hm=fake`
}

/** When an address ends, as its query tells it. */
export function expiry({ validUntil }: FakeFile): string {
  return Math.floor(validUntil / 1000).toString(16)
}
