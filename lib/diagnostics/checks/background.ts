import type { Finding } from '../model.ts'
import type { Patient } from '../patient.ts'

/** The service worker answers, and the document that holds the sockets is there. client:ARC2 */
export async function checkBackground({ host }: Patient): Promise<Omit<Finding, 'check'>> {
  try {
    await host.askWorker()
  } catch {
    return { outcome: 'fail', code: 'background.silent', fix: 'reload' }
  }
  // Asking the worker may have made it just now.
  return (await host.documentRuns())
    ? { outcome: 'ok', code: 'background.runs' }
    : { outcome: 'fail', code: 'background.noDocument', fix: 'retry' }
}
