import type { Fix } from '../model.ts'

/** Fixes that are advice: the button shows it in place. */
const ADVICE = ['setClock', 'allowLocal', 'updateRelay'] as const
export type Advice = (typeof ADVICE)[number]

/** `again`: look again afterwards; `left`: the page shows something else now. */
export type FixActions = Record<Exclude<Fix, Advice>, () => Promise<'again' | 'left'>>

export function isAdvice(fix: Fix): fix is Advice {
  return ADVICE.some((advice) => advice === fix)
}
