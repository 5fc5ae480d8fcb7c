import * as z from 'zod/mini'
import { defineMessages } from './define.ts'

const nothing = z.void()

/** About the service worker itself; answered even where it could not open what is stored. */
export const workerMessages = defineMessages('background', 'worker', {
  /** What is stored was deleted: everything begins anew, as after installing. client:RST2 */
  restart: { input: nothing, output: nothing },
})
