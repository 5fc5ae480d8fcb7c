import type { Damage } from './checksum.ts'

/** Damaged rows remembered so that each is reported once; beyond, a report may come twice. */
const MAX_REMEMBERED = 10_000

export type DamageLog = ReturnType<typeof createDamageLog>

/** Reports each damaged row once, however often it is read. relay:STO1 */
export function createDamageLog(report: (damage: Damage) => void) {
  const reported = new Set<string>()
  return {
    /** True the first time. */
    found(damage: Damage): boolean {
      const name = `${damage.table} ${damage.key}`
      if (reported.has(name)) return false
      if (reported.size >= MAX_REMEMBERED) reported.clear()
      reported.add(name)
      report(damage)
      return true
    },
  }
}
