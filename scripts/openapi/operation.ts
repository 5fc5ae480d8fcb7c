import type { ErrorCode } from '#protocol/errors.ts'
import type { LimitKey } from '../../server/http/route.ts'
import type { Auth } from './auth.ts'
import type { SchemaName } from './schemas.ts'

/** The parts of the API, in the order a newcomer meets them. */
export const TAGS = {
  Relay: 'Is it there, and is it well.',
  Session: 'Who you are: registration, tickets for sockets, the end of a session.',
  Messages: 'What platforms said.',
  Replies: 'What you answer.',
  Channels: 'The bots, addresses and webhooks of a session.',
  Approvals: 'Asking a person before something is done.',
  Inbound: 'Where platforms and webhooks deliver.',
  Operator: 'The dashboard of who runs the relay.',
  Pages: 'Pages people open in a browser.',
}

/** A body: one of our schemas as JSON, or bytes or text of a media type. */
export type Body = SchemaName | { media: string; description?: string }

export type Parameter = { type: 'string' | 'integer'; description: string; required?: true; enum?: readonly (string | number)[] }

/**
 * What docs/openapi.yaml tells of one route. `rules` are those of SPEC.md that decide; `errors` those beyond what its auth, its limits and its body
 * bring along, `[code, status]` where a code has two.
 */
export type Operation = {
  tag: keyof typeof TAGS
  summary: string
  rules: string
  auth: Auth
  limits?: readonly LimitKey[]
  query?: Readonly<Record<string, Parameter>>
  headers?: Readonly<Record<string, Parameter>>
  body?: Body
  /** A body that may be left out. */
  optionalBody?: true
  answers: Readonly<Record<number, { description: string; body?: Body }>>
  errors?: readonly (ErrorCode | readonly [ErrorCode, number])[]
}

/** By method and path, as in the route table: `GET /messages`. */
export type Operations = Readonly<Record<string, Operation>>
