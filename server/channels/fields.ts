import { RelayError } from '#protocol/errors.ts'
import { MAX_CHANNEL_NAME, MAX_METADATA_BYTES, MAX_PROMPT_BYTES } from '#protocol/limits.ts'
import type { Metadata } from '#protocol/message.ts'

/** Longer than any agent's name; not worth a rule of its own. */
const MAX_AGENT_ID = 256

type Texts = {
  name?: string | undefined
  prompt?: string | undefined
  agentId?: string | undefined
  metadata?: Metadata | undefined
}

/** Throws content_too_large for what would not be kept. relay:CH5 */
export function checkSizes({ name = '', prompt = '', agentId = '', metadata = {} }: Texts): void {
  if (name.length > MAX_CHANNEL_NAME) throw tooLarge(`name may have at most ${MAX_CHANNEL_NAME} characters.`)
  if (agentId.length > MAX_AGENT_ID) throw tooLarge(`agentId may have at most ${MAX_AGENT_ID} characters.`)
  if (Buffer.byteLength(prompt) > MAX_PROMPT_BYTES) throw tooLarge(`prompt may have at most ${MAX_PROMPT_BYTES} bytes.`)
  if (Buffer.byteLength(JSON.stringify(metadata)) > MAX_METADATA_BYTES)
    throw tooLarge(`metadata (with allowedUsers and allowedSenders) may have at most ${MAX_METADATA_BYTES} bytes.`)
}

function tooLarge(sentence: string): RelayError {
  return new RelayError('content_too_large', sentence)
}
