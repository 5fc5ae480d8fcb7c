import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { extensionDirectory, root } from '../setup/paths.mjs'
import { licencesOf } from './licences.ts'
import { bundleRelay } from './relayBundle.ts'

// Part of `npm run build`, after the extension: everything the package holds besides bin/, in dist/.
const dist = join(root, 'dist')
rmSync(dist, { recursive: true, force: true })
const packages = await bundleRelay(join(dist, 'relay'))
writeFileSync(join(dist, 'relay', 'LICENCES.txt'), licencesOf(packages))
cpSync(extensionDirectory, join(dist, 'extension'), { recursive: true })
