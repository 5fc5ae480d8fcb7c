import { expect, it } from 'vitest'
import * as z from 'zod/mini'
import { call } from '../../../lib/messaging/call.ts'
import { defineMessages, type Envelope } from '../../../lib/messaging/define.ts'
import { Failure } from '../../../lib/messaging/failure.ts'
import { answer, type Served, serve } from '../../../lib/messaging/serve.ts'

const messages = defineMessages('background', 'test', {
  nothing: { input: z.void(), output: z.void() },
  double: { input: z.number(), output: z.number() },
})

/** chrome.runtime as far as it matters here: everything between contexts is JSON. */
function runtime(served: Served[], sender: { id?: string } = { id: 'own' }) {
  const listener = answer('background', 'own', served)
  return (envelope: Envelope) =>
    new Promise<unknown>((resolve) => {
      const carried: unknown = JSON.parse(JSON.stringify(envelope))
      if (!listener(carried, sender, (reply) => resolve(JSON.parse(JSON.stringify(reply))))) resolve(undefined)
    })
}

const handlers = serve(messages, { nothing: async () => undefined, double: async (value) => value * 2 })

it('client:ARC7 a call without input and output survives the way between contexts, where undefined does not travel', async () => {
  const caller = call(messages, runtime([handlers]))
  await expect(caller.nothing(undefined)).resolves.toBeUndefined()
  await expect(caller.double(21)).resolves.toBe(42)
})

it('client:ARC7 a call from elsewhere is not answered, and the caller learns it in a sentence', async () => {
  const caller = call(messages, runtime([handlers], { id: 'other' }))
  await expect(caller.double(1)).rejects.toMatchObject({ code: 'no_answer' })
})

it('client:HTE4 a refusal keeps its code, sentence and wait', async () => {
  const refusing = serve(messages, {
    nothing: async () => {
      throw new Failure('rate_limited', 'Too often.', { retryAfter: 7 })
    },
    double: async (value) => value,
  })
  const caller = call(messages, runtime([refusing]))
  await expect(caller.nothing(undefined)).rejects.toMatchObject({ code: 'rate_limited', message: 'Too often.', retryAfter: 7 })
})

it('client:CDD10 what does not fit into a full storage says so, although the browser’s own error has no words', async () => {
  const full = serve(messages, {
    nothing: async () => {
      throw new DOMException('', 'QuotaExceededError')
    },
    double: async () => {
      throw new Error('')
    },
  })
  const caller = call(messages, runtime([full]))
  await expect(caller.nothing(undefined)).rejects.toMatchObject({ code: 'storage_full', message: /^Storage full\. Clean up/ })
  await expect(caller.double(1)).rejects.toMatchObject({ code: 'internal', message: /^Something failed/ })
})
