import { describe, expect, it } from 'vitest'
import { type Mutation, makeMutant } from './mutant.ts'
import { runKillScenario } from './scenario.ts'

/** Each breaks one promise. The kill scenario is worth something only if it notices every one of them. */
const mutations: (Mutation & { noticed: RegExp })[] = [
  {
    name: 'the relay answers before the commit',
    noticed: /answered 200 are missing/,
    edits: [
      {
        file: 'server/store/sqlite/queue.ts',
        from: '        begin.run()\n',
        to: '        if (!database.isTransaction) begin.run()\n',
      },
      {
        file: 'server/store/sqlite/queue.ts',
        from: '        commit.run()\n',
        to: '        setTimeout(() => database.isTransaction && commit.run(), 20)\n',
      },
    ],
  },
  {
    name: 'the extension acknowledges before it stored',
    noticed: /acknowledgements left while nothing could be stored/,
    edits: [
      {
        file: 'lib/relay/connection.ts',
        from: "else if (frame.type === 'message') sink.push(",
        to: "else if (frame.type === 'message') acks.note(frame.seq), sink.push(",
      },
    ],
  },
  {
    name: 'the extension does not recognise what it has',
    noticed: /counted twice/,
    edits: [{ file: 'lib/inbox/storeBatch.ts', from: 'stores.seen.add(', to: 'stores.seen.put(' }],
  },
  {
    name: 'the extension does not keep its cursor',
    noticed: /the cursor is at/,
    edits: [{ file: 'lib/inbox/storeBatch.ts', from: '      stores.cursors.put(step.cursor)\n', to: '' }],
  },
]

describe('the kill scenario notices when', () => {
  it.each(mutations)('$name', async (mutation) => {
    const mutant = makeMutant(mutation)
    try {
      const { problems } = await runKillScenario({
        posts: 60,
        kills: 5,
        patience: 15_000,
        command: mutant.command,
        extension: mutant.extension,
      })
      expect(problems.join('\n')).toMatch(mutation.noticed)
    } finally {
      mutant.remove()
    }
  })
})
