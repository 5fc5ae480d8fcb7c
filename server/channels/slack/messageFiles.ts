import type { OmittedFile } from '../../inbox/files.ts'
import type { InboundFile } from '../port.ts'
import type { SlackFile, SlackMessage } from './event.ts'
import { fileSource } from './fileSource.ts'

const ANY_TYPE = 'application/octet-stream'
/** Kinds of file that are not there to be fetched. */
const GONE: Record<string, string> = {
  tombstone: 'deleted in Slack',
  hidden_by_limit: 'hidden by the limits of the Slack plan',
}

/** The files of a message: those to fetch, and those that do not lie at Slack. relay:ATT1, ATT6 */
export function messageFiles({ files }: SlackMessage): { files: InboundFile[]; omitted: OmittedFile[] } {
  const found: { files: InboundFile[]; omitted: OmittedFile[] } = { files: [], omitted: [] }
  for (const file of files ?? []) {
    if (!file) continue
    const reason = absence(file)
    if (reason === undefined) found.files.push(asInbound(file))
    else found.omitted.push({ filename: nameOf(file), size: file.size ?? 0, reason })
  }
  return found
}

function absence({ mode, is_external, url_private }: SlackFile): string | undefined {
  if (mode && GONE[mode]) return GONE[mode]
  return is_external || mode === 'external' ? `not kept by Slack but at ${url_private ?? 'another service'}` : undefined
}

function asInbound(file: SlackFile): InboundFile {
  const mimeType = /^[\w.+-]+\/[\w.+-]+$/.test(file.mimetype ?? '') ? (file.mimetype ?? ANY_TYPE) : ANY_TYPE
  const address = file.url_private_download ?? file.url_private ?? ''
  const url = URL.canParse(address) ? new URL(address).href : undefined
  return { filename: nameOf(file), mimeType, size: file.size ?? 0, source: fileSource({ id: file.id, mimeType, url }) }
}

function nameOf({ id, name, title }: SlackFile): string {
  return name || title || `file-${id}`
}

/** What stands for a message without words. */
export function placeholder({ files, attachments }: SlackMessage): string {
  const file = files?.find((known) => known !== undefined)
  if (file) return `[${/^(image|audio|video)\//.exec(file.mimetype ?? '')?.[1] ?? 'file'}]`
  const quoted = (attachments ?? []).map(({ text, fallback }) => text || fallback).filter(Boolean)
  return quoted.length > 0 ? quoted.join('\n') : '[message]'
}
