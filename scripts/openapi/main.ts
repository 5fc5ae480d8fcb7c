import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'
import { documentText } from './documentText.ts'
import { operations } from './operations/index.ts'
import { matchTable, routeTable } from './routeTable.ts'

// Part of `npm run fix`: writes docs/openapi.yaml.
matchTable(await routeTable(), Object.keys(operations))
writeFileSync(join(root, 'docs', 'openapi.yaml'), documentText())
