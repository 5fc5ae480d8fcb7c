import { Failure } from '../../messaging/failure.ts'
import type { Finding } from '../model.ts'
import type { Patient } from '../patient.ts'

/** There and back over the socket that is open, or why there is none. client:SOC3, SOC11, SOC13 */
export async function checkSocket({ host, record }: Patient): Promise<Omit<Finding, 'check'>> {
  const { connection, profile } = await record()
  const malformed = connection?.malformedFrames ?? 0
  if (profile.stopped) return { outcome: 'fail', code: 'socket.stopped', fix: 'connect' }
  try {
    const ms = await host.roundTrip()
    const figures = { ms, since: connection?.since ?? host.network.timers.now(), malformed }
    return malformed > 0
      ? { outcome: 'warn', code: 'socket.malformed', figures, fix: 'updateRelay' }
      : { outcome: 'ok', code: 'socket.open', figures }
  } catch (error) {
    const reason = connection?.reason ?? (error instanceof Failure ? error.message : 'The connection is not open.')
    const words = { reason }
    switch (connection?.state) {
      case 'blocked':
        return { outcome: 'fail', code: 'socket.blocked', words, fix: 'compareKeys' }
      case 'identity_lost':
        return { outcome: 'fail', code: 'socket.waiting', words, fix: 'chooseIdentity' }
      default:
        return { outcome: 'fail', code: connection?.polling ? 'socket.polling' : 'socket.waiting', words, fix: 'retry' }
    }
  }
}
