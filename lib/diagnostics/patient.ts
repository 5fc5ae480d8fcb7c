import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { Identity, Pin, Profile, Session } from '../profiles/model.ts'
import { type HealthProbe, probeHealth } from '../relay/probe.ts'
import { type Connection, connectionSchema } from '../relay/state.ts'
import { parseRelayUrl, type RelayUrl } from '../relay/url.ts'
import type { DoctorHost } from './host.ts'

/** What is stored of the profile. */
export type Stored = {
  profile: Profile
  identity: Identity | undefined
  session: Session | undefined
  pin: Pin | undefined
  connection: Connection | undefined
}

export type Patient = ReturnType<typeof createPatient>

/** What one examination comes to know, each thing asked for once. */
export function createPatient(host: DoctorHost) {
  let db: Database | undefined
  let opening: Promise<Database> | undefined
  let reading: Promise<Stored> | undefined
  let probing: Promise<HealthProbe> | undefined

  async function open(): Promise<Database> {
    opening ??= host.openDatabase()
    db = await opening
    return db
  }

  async function read(): Promise<Stored> {
    const { profileId } = host
    const transaction = (await open()).transaction(['profiles', 'identities', 'sessions', 'pins', 'connections'])
    const [profile, identity, session, pin, connection] = await Promise.all([
      transaction.objectStore('profiles').get(profileId),
      transaction.objectStore('identities').get(profileId),
      transaction.objectStore('sessions').get(profileId),
      transaction.objectStore('pins').get(profileId),
      transaction.objectStore('connections').get(profileId),
    ])
    if (!profile) throw new Failure('no_profile', 'There is no profile. The extension is still starting, or its data is damaged.')
    const shown = connectionSchema.safeParse(connection)
    return { profile, identity, session, pin, connection: shown.success ? shown.data : undefined }
  }

  const record = (): Promise<Stored> => {
    reading ??= read()
    return reading
  }

  async function relay(): Promise<Extract<RelayUrl, { ok: true }>> {
    const address = parseRelayUrl((await record()).profile.relayUrl)
    if (!address.ok) throw new Failure('relay_address', address.reason)
    return address
  }

  /** The pin of the present address. */
  async function pin(): Promise<Pin | undefined> {
    const known = (await record()).pin
    return known?.origin === (await relay()).url ? known : undefined
  }

  return {
    host,
    open,
    record,
    relay,
    pin,
    probe: async (): Promise<HealthProbe> => {
      probing ??= probeHealth(host.network, await relay(), await pin(), (await record()).session?.older === true)
      return probing
    },
    /** Channels as the relay listed them. */
    listed: { channels: [] as unknown[] },
    close: (): void => db?.close(),
  }
}
