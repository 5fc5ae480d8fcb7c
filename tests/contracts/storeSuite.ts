import { approvalsContract } from './store/approvals.ts'
import type { StoreEngine } from './store/engine.ts'
import { filesContract } from './store/files.ts'
import { inboxContract } from './store/inbox.ts'
import { modelContract } from './store/model.ts'
import { operatorContract } from './store/operator.ts'
import { overviewContract } from './store/overview.ts'
import { passesContract } from './store/passes.ts'
import { repliesContract } from './store/replies.ts'
import { sessionsContract } from './store/sessions.ts'

/** What every store engine must do, whatever it is made of. */
export function storeSuite(engine: StoreEngine): void {
  sessionsContract(engine)
  inboxContract(engine)
  filesContract(engine)
  repliesContract(engine)
  approvalsContract(engine)
  passesContract(engine)
  operatorContract(engine)
  overviewContract(engine)
  modelContract(engine)
}
