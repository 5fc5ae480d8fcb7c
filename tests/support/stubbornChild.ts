/** A relay that hangs: it holds its data directory and does not hear SIGTERM. Its argument is the directory. */
import { lockDataDir } from '../../server/store/lock.ts'

const lock = lockDataDir(process.argv[2] ?? '')
process.on('SIGTERM', () => process.stdout.write('asked\n'))
// A lock that nothing refers to would be collected, and let go.
setInterval(() => lock, 1000)
process.stdout.write('locked\n')
