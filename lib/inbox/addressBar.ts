import type { Database } from '../database/open.ts'
import type { Change } from '../messaging/changes.ts'
import type { Handlers } from '../messaging/define.ts'
import { conversationPage, profileQuery } from '../platform/smallWindow.ts'
import { fuzzy, rank } from '../ui/fuzzy.ts'
import { appended } from './clip.ts'
import type { addressBarMessages } from './messages.ts'
import { listObserved } from './observed.ts'
import { listConversations, readDraft } from './queries.ts'

/** As many as an address bar has room for. */
const SHOWN = 6

type Found = { profileId: string; id: string; label: string; answerable: boolean }
/** What was typed: whom, and after a colon what to write. */
type Asked = { name: string; words: string }

/** What the address bar offers after the keyword, and where it leads. Nothing is sent from there. client:OMB1-OMB3 */
export function createAddressBar({
  db,
  now,
  tell,
}: {
  db: Database
  now: () => number
  tell: (change: Change) => void
}): Handlers<typeof addressBarMessages.table> {
  return {
    async suggest({ text }) {
      const asked = readAsked(text)
      return ranked(await everybody(db), asked).map(({ item, at }) => ({
        content: asked.words ? `${item.label}: ${asked.words}` : item.label,
        description: described(item.label, at) + (asked.words && `: ${escaped(asked.words)}`),
      }))
    },
    async choose({ text }) {
      const all = await everybody(db)
      const asked = readAsked(text)
      // A name may have a colon of its own.
      const whole = all.find(({ label }) => label === text.trim())
      const found = whole ?? ranked(all, asked)[0]?.item
      if (!found) return { page: '#/' }
      const { profileId, id } = found
      const words = whole ? '' : asked.words
      if (words) {
        const before = (await readDraft(db, profileId, id))?.text ?? ''
        await db.put('drafts', { profileId, conversationId: id, text: appended(before, words), updatedAt: now() })
        tell({ topic: 'drafts', profileId, conversationId: id })
      }
      return { page: profileQuery(profileId) + conversationPage(id, words ? 'reply' : 'conversation') }
    },
  }
}

function readAsked(text: string): Asked {
  const [, name, words] = /^([^:]+):\s*(\S[\s\S]*)$/.exec(text.trim()) ?? []
  return { name: name ?? text.trim().replace(/:$/, ''), words: words ?? '' }
}

function ranked(all: readonly Found[], { name, words }: Asked): { item: Found; at: number[] }[] {
  const open = words ? all.filter(({ answerable }) => answerable) : all
  if (name === '') return open.slice(0, SHOWN).map((item) => ({ item, at: [] }))
  const exact = open.find(({ label }) => label === name)
  if (exact) return [{ item: exact, at: fuzzy(name, exact.label)?.at ?? [] }]
  return rank(open, name, ({ label }) => label).slice(0, SHOWN)
}

/** Of all profiles, the newest first. Those that are called alike are told apart by their place. */
async function everybody(db: Database): Promise<Found[]> {
  const found: (Found & { lastAt: number })[] = []
  for (const profileId of await db.getAllKeys('profiles')) {
    const [rows, observed, channels] = await Promise.all([
      listConversations(db, profileId),
      listObserved(db, profileId),
      db.getAll('channels', IDBKeyRange.bound([profileId], [profileId, []])),
    ])
    const open = new Set(
      channels.filter(({ id, config }) => config.direction === 'bidirectional' && !observed.has(id)).map(({ id }) => id),
    )
    for (const { id, title, channelId, lastAt } of rows)
      found.push({ profileId, id, label: title, answerable: open.has(channelId), lastAt })
  }
  const seen = new Map<string, number>()
  return found
    .sort((a, b) => b.lastAt - a.lastAt)
    .map(({ lastAt: _, ...one }) => {
      const times = (seen.get(one.label) ?? 0) + 1
      seen.set(one.label, times)
      return times === 1 ? one : { ...one, label: `${one.label} (${times})` }
    })
}

/** With what was typed marked, as Chrome reads it: an XML of its own. */
function described(label: string, at: readonly number[]): string {
  const marked = new Set(at)
  const letters = Array.from(label, (letter, index) => (marked.has(index) ? `<match>${escaped(letter)}</match>` : escaped(letter)))
  return letters.join('').replaceAll('</match><match>', '')
}

/** A control character in it would make Chrome refuse all suggestions. */
function escaped(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}]/gu, ' ').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
