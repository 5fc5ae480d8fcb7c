import { defineConfig } from 'vitest/config'
import { WxtVitest } from 'wxt/testing/vitest-plugin'
import InTurn from './tests/support/inTurn.ts'

/** What a test polls for may come late on a busy machine. */
const expect = { poll: { timeout: 20_000, interval: 20 } }

/** Files share a worker and its modules, which keep no state of their own: a third of the time went into loading them again. */
const isolate = false

export default defineConfig({
  test: {
    // Most of these tests wait for processes, sockets and clocks: two cores carry three files at once.
    maxWorkers: 3,
    sequence: { sequencer: InTurn },
    projects: [
      {
        test: {
          name: 'relay',
          expect,
          isolate,
          include: [
            'tests/unit/protocol/**/*.test.ts',
            'tests/unit/server/**/*.test.ts',
            'tests/contracts/**/*.test.ts',
            'tests/integration/**/*.test.ts',
            'tests/attacks/**/*.test.ts',
          ],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [WxtVitest()],
        test: {
          name: 'extension',
          expect,
          isolate,
          include: ['tests/unit/extension/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: 'repo', expect, include: ['tests/repo/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'e2e',
          // Each look costs a browser that is busy with what is waited for.
          expect: { poll: { timeout: 30_000, interval: 100 } },
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/support/buildOnce.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'hosting',
          expect,
          include: [
            'tests/packaging/**/*.test.ts',
            'tests/proxies/**/*.test.ts',
            'tests/mailServers/**/*.test.ts',
            'tests/examples/**/*.test.ts',
            'tests/firefox/**/*.test.ts',
          ],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          expect,
          include: ['tests/faults/**/*.test.ts'],
          globalSetup: ['tests/support/buildOnce.ts'],
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
