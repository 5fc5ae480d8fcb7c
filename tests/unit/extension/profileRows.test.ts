import { describe, expect, it } from 'vitest'
import { elsewhere, type ProfileRow } from '../../../lib/app/profileRows.ts'

const row = (id: string, more: Partial<ProfileRow> = {}): ProfileRow => ({
  id,
  name: id,
  unread: 0,
  asking: 0,
  connection: undefined,
  ...more,
})

describe('what the reader of one profile is told of the others', () => {
  it('client:PRF3, PRF4, APR13 an approval waits in another one; those of the profile in view are shown there', () => {
    const rows = [row('home', { asking: 2, unread: 5 }), row('work', { unread: 1 }), row('desk', { asking: 1, unread: 2 })]
    expect(elsewhere(rows, 'home')).toMatchObject({ asking: { id: 'desk' }, unread: 3, needy: undefined })
    expect(elsewhere(rows, 'desk')).toMatchObject({ asking: { id: 'home' }, unread: 6 })
    expect(elsewhere([row('home', { asking: 1 }), row('work')], 'home').asking).toBeUndefined()
  })
})
