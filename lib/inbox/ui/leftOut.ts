import * as z from 'zod/mini'
import { i18n } from '#i18n'
import type { Metadata } from '#protocol/message.ts'

const omittedSchema = z.array(
  z.union([z.string(), z.object({ filename: z.optional(z.string()), name: z.optional(z.string()), reason: z.string() })]),
)

/** Files the relay could not take, each with its reason. relay:ATT1 */
export function leftOut(metadata: Metadata): string[] {
  const omitted = omittedSchema.safeParse(metadata.attachmentsOmitted)
  if (!omitted.success) return []
  return omitted.data.map((file) => {
    if (typeof file === 'string') return i18n.t('thread.leftOutUnnamed', { reason: file })
    const name = file.filename ?? file.name
    if (name === undefined) return i18n.t('thread.leftOutUnnamed', { reason: file.reason })
    return i18n.t('thread.leftOut', { name, reason: file.reason })
  })
}
