import { parseArgs } from 'node:util'
import { createRelay } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'

// `chaos-relay serve` with the name servers of TEST_NAME_SERVERS, for tests that kill it while it takes mail.
const { values } = parseArgs({ allowPositionals: true, options: { port: { type: 'string' }, 'data-dir': { type: 'string' } } })
const config = readConfig(process.env, { port: values.port ?? '0', dataDir: values['data-dir'] ?? ':memory:' })
const log = createLog({ level: config.logLevel, format: config.logFormat })
const relay = await createRelay({ config, log, nameServers: (process.env.TEST_NAME_SERVERS ?? '').split(',') })
const { url } = await relay.listen()
process.stdout.write(`listening on ${url}\n`)
process.once('SIGTERM', () => relay.close().then(() => process.exit(0)))
