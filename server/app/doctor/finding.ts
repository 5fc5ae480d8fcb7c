/** One line of the doctor. `fix` says what to do; only `fail` makes the exit code 1. relay:CLI3 */
export type Finding = { check: string; outcome: 'ok' | 'warn' | 'fail' | 'skip'; detail: string; fix?: string }

export const ok = (check: string, detail: string): Finding => ({ check, outcome: 'ok', detail })
export const warn = (check: string, detail: string, fix: string): Finding => ({ check, outcome: 'warn', detail, fix })
export const fail = (check: string, detail: string, fix: string): Finding => ({ check, outcome: 'fail', detail, fix })
export const skip = (check: string, detail: string): Finding => ({ check, outcome: 'skip', detail })
