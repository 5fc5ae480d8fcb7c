import { Worker } from 'node:worker_threads'
import type { Clock } from '../../../clock.ts'
import type { WorkerSettings } from './mailWorker.ts'
import type { Envelope } from './proof.ts'
import type { Reading } from './readMail.ts'

/** They mostly wait for name servers; more would only take memory, a few hundred MiB each at worst. */
const MAX_READERS = 2
/** What waits for a reader; whoever comes then is asked to come again. */
const MAX_WAITING = 20
/** A reader keeps what it has loaded for the next mail, and gives it back after a while without one. */
const IDLE_MS = 60_000
/** For reading and for the name servers; a mail that takes longer is made to. */
const WITHIN_MS = 60_000
/** In MiB. Bytes of files are outside of it and bounded by the size of the mail. */
const HEAP = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 16 }
/** Beside this file: as it is written, or bundled. */
const SOURCE = new URL(import.meta.url.endsWith('.ts') ? './mailWorker.ts' : './mailWorker.js', import.meta.url)

type Job = {
  raw: Uint8Array<ArrayBuffer>
  envelope: Envelope
  done: (reading: Reading | 'busy') => void
  failed: (error: unknown) => void
}

export type Readers = ReturnType<typeof createReaders>

/**
 * Reads mails in threads of their own: what a mail is made of may cost its thread's memory and time, and ends with it, but never the relay's. relay:EML8
 */
export function createReaders({ settings, clock }: { settings: WorkerSettings; clock: Pick<Clock, 'after'> }) {
  const waiting: Job[] = []
  const idle = new Map<Worker, () => void>()
  const all = new Set<Worker>()
  let closed = false

  function next(): void {
    if (waiting.length === 0) return
    const [free] = idle.keys()
    const worker = free ?? (all.size < MAX_READERS ? start() : undefined)
    const job = worker && waiting.shift()
    if (worker && job) run(worker, job)
  }

  function start(): Worker {
    // Nothing of the relay's environment: what reads strangers' bytes needs no secrets.
    const worker = new Worker(SOURCE, { workerData: settings, env: {}, resourceLimits: HEAP })
    worker.unref()
    all.add(worker)
    return worker
  }

  function run(worker: Worker, { raw, envelope, done, failed }: Job): void {
    wake(worker)
    const tooMuch: Reading = { kind: 'flawed', reason: 'it takes too much time or memory to read' }
    const cancel = clock.after(WITHIN_MS, () => end(() => done(tooMuch)))

    function end(settle: () => void): void {
      cancel()
      dismiss(worker)
      settle()
      next()
    }
    worker.on('message', (reading: Reading) => {
      cancel()
      rest(worker)
      done(reading)
      next()
    })
    worker.on('error', (error: NodeJS.ErrnoException) =>
      end(() => (error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? done(tooMuch) : failed(error))),
    )
    worker.on('exit', () => end(() => failed(new Error('The reader of a mail ended.'))))
    worker.postMessage({ raw, envelope }, [raw.buffer])
  }

  function rest(worker: Worker): void {
    worker.removeAllListeners()
    worker.on('error', () => {}).on('exit', () => dismiss(worker))
    idle.set(
      worker,
      clock.after(IDLE_MS, () => dismiss(worker)),
    )
  }

  function wake(worker: Worker): void {
    worker.removeAllListeners()
    idle.get(worker)?.()
    idle.delete(worker)
  }

  function dismiss(worker: Worker): void {
    wake(worker)
    all.delete(worker)
    // Its last error has been heard, or concerns nobody.
    worker.on('error', () => {})
    void worker.terminate()
  }

  return {
    /** Takes the bytes away from the caller. `busy` when too many wait already. */
    read(raw: Uint8Array<ArrayBuffer>, envelope: Envelope): Promise<Reading | 'busy'> {
      if (closed || waiting.length >= MAX_WAITING) return Promise.resolve('busy')
      return new Promise((done, failed) => {
        waiting.push({ raw, envelope, done, failed })
        next()
      })
    },
    async close(): Promise<void> {
      closed = true
      for (const { done } of waiting.splice(0)) done('busy')
      await Promise.all([...all].map((worker) => worker.terminate()))
    },
  }
}
