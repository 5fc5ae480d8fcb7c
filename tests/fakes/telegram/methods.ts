import type { ApiMethods } from 'grammy/types'
import type { Upload } from '../request.ts'
import { messageMethods } from './messageMethods.ts'
import type { FakeBot } from './model.ts'
import { updateMethods } from './updateMethods.ts'

/** Who calls, with which files. `gone` aborts when the caller hangs up. */
export type Caller = { bot: FakeBot; uploads: Upload[]; gone: AbortSignal }

/** Methods with the arguments and results of the real API, as grammY types them: the compiler tells when the fake differs. */
export type Methods = {
  [M in keyof ApiMethods]: (caller: Caller, args: Parameters<ApiMethods[M]>[0]) => Result<M> | Promise<Result<M>>
}
type Result<M extends keyof ApiMethods> = ReturnType<ApiMethods[M]>

type Handler = (caller: Caller, args: never) => unknown

const methods: Record<string, Handler> = { ...updateMethods, ...messageMethods }

/** The handler of a method, named in any case like on the real server. */
export function methodNamed(
  name: string,
): { name: string; handle: (caller: Caller, args: Record<string, unknown>) => unknown } | undefined {
  const found = Object.entries(methods).find(([known]) => known.toLowerCase() === name.toLowerCase())
  return found && { name: found[0], handle: found[1] as (caller: Caller, args: Record<string, unknown>) => unknown }
}
