import { registerAnswerSchema } from '#protocol/http.ts'
import { type SessionAnswer, sessionAnswerSchema } from '#protocol/session.ts'
import type { Database } from '../database/open.ts'
import { Failure } from '../messaging/failure.ts'
import type { RelayClient } from './http.ts'

/** Who uses the session, as far as the relay tells. client:ACC1 */
export function readAccess(client: Pick<RelayClient, 'ask'>, profileId: string): Promise<SessionAnswer> {
  return client.ask(profileId, { method: 'GET', target: '/session', retry: false }, sessionAnswerSchema)
}

/**
 * A fresh token in place of the stored one, by a register signed with the profile's key. The older ones stay valid, unless the same register
 * ends them: then this browser's own socket is closed too and opened anew with the fresh token (client:CRG3). Should the answer be lost, the
 * old token is refused at the next request and the fresh one fetched. client:ACC2, ACC3
 */
export async function renewToken(
  { db, client }: { db: Database; client: Pick<RelayClient, 'ask'> },
  profileId: string,
  endOthers: boolean,
): Promise<void> {
  const [identity, session] = await Promise.all([db.get('identities', profileId), db.get('sessions', profileId)])
  if (!identity || !session || session.bearer)
    throw new Failure('unsigned', 'Only a profile with a signing key can get another token.')
  const { userId, apiKey } = await client.ask(
    profileId,
    {
      method: 'POST',
      target: '/auth/register',
      body: { publicKey: identity.publicKey, rotate: true, ...(endOthers && { revokeOthers: true }) },
    },
    registerAnswerSchema,
  )
  const transaction = db.transaction('sessions', 'readwrite')
  const now = await transaction.store.get(profileId)
  // The profile may have moved to another relay or key meanwhile; then the token is nobody's.
  if (now?.userId === userId && now.origin === session.origin) await transaction.store.put({ ...now, apiKey })
  await transaction.done
}
