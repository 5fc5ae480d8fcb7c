import type { DatabaseSync } from 'node:sqlite'
import { RelayError } from '#protocol/errors.ts'

/** Rows of one transaction at most: above this the gain is gone and the event loop waits too long. */
const MAX_BATCH = 512
/** What a client is told to wait after a failed commit, in seconds: a full disk is not emptied sooner. */
const RETRY_AFTER_S = 5

/** SQLite's primary codes for trouble with the disk or the file, which every job of the batch shares. */
const STORAGE_CODES = new Set([5, 6, 7, 8, 10, 11, 13, 14, 22, 26])

type Job = { run: () => unknown; resolve: (value: never) => void; reject: (error: unknown) => void }

/** `onCommit` runs before whoever waits for the batch goes on. */
type Hooks = {
  beforeCommit: () => void
  onCommit: () => void
  onRollback: () => void
  /** After a commit: how many jobs shared it, and how long it took. */
  onBatch: (jobs: number, seconds: number) => void
}

export type CommitQueue = ReturnType<typeof createCommitQueue>

/**
 * The one writer. Everything added during one turn of the event loop runs in one transaction and is answered after its COMMIT, so that many
 * messages share one fsync. A failed commit rejects the whole batch with storage_unavailable and leaves nothing behind. relay:DUR1, ERR2
 *
 * `run` may be called again after a rollback, so it must keep what it knows in the database or in caches that `onRollback` empties. Expected outcomes
 * are return values; a job that throws something else than a storage failure is rejected alone, and its batch runs again without it.
 */
export function createCommitQueue(database: DatabaseSync, hooks: Hooks) {
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const rollback = database.prepare('ROLLBACK')
  let waiting: Job[] = []
  let scheduled = false
  let idle: (() => void)[] = []
  const counts = { ops: 0, errors: 0, timeouts: 0, lastError: undefined as string | undefined }

  function flush(): void {
    let batch = waiting
    if (batch.length > MAX_BATCH) {
      waiting = batch.slice(MAX_BATCH)
      batch = batch.slice(0, MAX_BATCH)
      setImmediate(flush)
    } else {
      waiting = []
      scheduled = false
    }
    commitBatch(batch)
    if (!scheduled) {
      for (const done of idle) done()
      idle = []
    }
  }

  function commitBatch(batch: Job[]): void {
    let jobs = batch
    while (jobs.length > 0) {
      const values: unknown[] = new Array(jobs.length)
      const began = performance.now()
      let running = 0
      try {
        begin.run()
        for (; running < jobs.length; running++) values[running] = jobs[running]?.run()
        hooks.beforeCommit()
        commit.run()
      } catch (error) {
        undo()
        const culprit = jobs[running]
        if (!culprit || isStorageFailure(error)) {
          fail(jobs, error)
          return
        }
        counts.errors++
        culprit.reject(error)
        jobs = jobs.filter((job) => job !== culprit)
        continue
      }
      counts.ops += jobs.length
      hooks.onBatch(jobs.length, (performance.now() - began) / 1000)
      jobs.forEach((job, index) => {
        const value = values[index]
        if (value instanceof RelayError) job.reject(value)
        else job.resolve(value as never)
      })
      hooks.onCommit()
      return
    }
  }

  function undo(): void {
    try {
      if (database.isTransaction) rollback.run()
    } finally {
      hooks.onRollback()
    }
  }

  function fail(jobs: Job[], error: unknown): void {
    const refusal = failed(error)
    for (const job of jobs) job.reject(refusal)
  }

  function failed(error: unknown): RelayError {
    counts.errors++
    counts.lastError = error instanceof Error ? error.message : String(error)
    return new RelayError(
      'storage_unavailable',
      'The relay could not store this. Try again in a moment; if it goes on, free disk space on the relay.',
      {
        retryAfter: RETRY_AFTER_S,
        cause: error,
      },
    )
  }

  return {
    /** Runs `run` in the next transaction. A RelayError that it returns rejects this job alone. */
    add<T>(run: () => T | RelayError): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        waiting.push({ run, resolve, reject })
        if (scheduled) return
        scheduled = true
        setImmediate(flush)
      })
    },
    /** A read, outside any transaction: it sees what is committed. */
    async read<T>(run: () => T): Promise<T> {
      try {
        counts.ops++
        return run()
      } catch (error) {
        throw isStorageFailure(error) ? failed(error) : error
      }
    },
    queued: () => waiting.length,
    stats() {
      const { lastError, ...numbers } = counts
      return lastError === undefined ? numbers : { ...numbers, lastError }
    },
    /** Resolves when everything added so far is settled. */
    drained(): Promise<void> {
      return scheduled ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve()
    },
  }
}

function isStorageFailure(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && STORAGE_CODES.has(Number(error.errcode) & 0xff)
}
