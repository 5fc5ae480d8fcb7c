// Import boundaries by dependency-cruiser; fails too when it saw suspiciously few modules (it once passed after reading none).
import { createRequire } from 'node:module'
import { cruise } from 'dependency-cruiser'

const FEWEST_MODULES = 60
const { forbidden, options } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs')
const { output } = await cruise(['entrypoints', 'lib', 'server'], {
  ...options,
  ruleSet: { forbidden },
  validate: true,
  outputType: 'json',
})
const { summary } = JSON.parse(output)
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`)
console.log(`${summary.totalCruised} modules, ${summary.totalDependenciesCruised} imports, ${summary.violations.length} violations`)
if (summary.totalCruised < FEWEST_MODULES) console.error(`Expected at least ${FEWEST_MODULES} modules.`)
process.exitCode = summary.violations.length > 0 || summary.totalCruised < FEWEST_MODULES ? 1 : 0
