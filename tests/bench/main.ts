import buildOnce from '../support/buildOnce.ts'
import { benchExtension } from './extension.ts'
import { benchInbox } from './inbox.ts'
import { benchIngest } from './ingest.ts'
import { benchReplies } from './replies.ts'
import { benchSizes } from './sizes.ts'
import { benchSockets } from './sockets.ts'
import { type Row, table } from './table.ts'

/** `npm run bench [-- ingest replies sockets extension inbox sizes]`. Ratios of one interleaved run; the absolute figures belong to the machine named above them. */
const parts: Record<string, () => Promise<Row[]>> = {
  ingest: benchIngest,
  replies: benchReplies,
  sockets: benchSockets,
  extension: benchExtension,
  inbox: benchInbox,
  sizes: benchSizes,
}
const wanted = process.argv.slice(2)
buildOnce()
const rows: Row[] = []
for (const [name, run] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.error(`• ${name}`)
  rows.push(...(await run()))
}
console.log(`\n${table(rows)}`)
