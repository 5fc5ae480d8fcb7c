import type { ChannelRecord } from '../../store/records.ts'
import { DeliveryFailure } from '../port.ts'
import { readFileSource } from './files.ts'
import type { Resend } from './resend.ts'
import { ProviderTrouble, type TroubleKind } from './trouble.ts'

/** Of the file itself; trouble with the key or the way there says nothing about it. */
const FOR_GOOD: readonly TroubleKind['kind'][] = ['missing', 'refused', 'tooLarge']

/** Fetches what was attached to a mail that came by the provider. relay:ATT5, ATT6 */
export function createFetchFile(resend: Pick<Resend, 'file'> | undefined) {
  return async (_channel: ChannelRecord, source: string): Promise<{ bytes: Uint8Array; mimeType?: string }> => {
    const file = readFileSource(source)
    if (!file || !resend) throw new Error('There is no way to fetch this file.')
    try {
      return await resend.file(file.mailId, file.fileId)
    } catch (error) {
      if (!(error instanceof ProviderTrouble && FOR_GOOD.includes(error.trouble.kind))) throw error
      throw new DeliveryFailure(error.message, { permanent: true, cause: error })
    }
  }
}
