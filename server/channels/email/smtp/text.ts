import type { SMTPServerDataStream } from 'smtp-server'

/** Bytes of texts that have not been read yet, over all connections. */
export type Budget = { take(bytes: number): boolean; give(bytes: number): void }

export function createBudget(limit: number): Budget {
  let held = 0
  return {
    take(bytes) {
      if (held + bytes > limit) return false
      held += bytes
      return true
    },
    give(bytes) {
      held -= bytes
    },
  }
}

/** A text in memory, to be given back; or the answer to one that is not. */
export type Text =
  | { kind: 'whole'; bytes: Uint8Array<ArrayBuffer>; giveBack(): void }
  | { kind: 'lost'; why: 'tooLarge' | 'busy' | 'notStored' }

/** Collects a text to its end. What is too large, or for which there is no room, is heard but not kept. relay:EML8 */
export function collectText(stream: SMTPServerDataStream, budget: Budget): Promise<Text> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = []
    let size = 0
    let lost: 'tooLarge' | 'busy' | undefined

    function drop(): void {
      chunks = []
      budget.give(size)
      size = 0
    }

    stream.on('data', (chunk: Buffer) => {
      if (lost) return
      lost = stream.sizeExceeded ? 'tooLarge' : budget.take(chunk.length) ? undefined : 'busy'
      if (lost) return drop()
      size += chunk.length
      chunks.push(chunk)
    })
    stream.on('error', () => {
      drop()
      resolve({ kind: 'lost', why: 'notStored' })
    })
    stream.on('end', () => {
      if (stream.sizeExceeded) {
        drop()
        return resolve({ kind: 'lost', why: 'tooLarge' })
      }
      if (lost) return resolve({ kind: 'lost', why: lost })
      const bytes = new Uint8Array(size)
      let at = 0
      for (const chunk of chunks) {
        bytes.set(chunk, at)
        at += chunk.length
      }
      chunks = []
      resolve({ kind: 'whole', bytes, giveBack: () => budget.give(size) })
    })
  })
}
