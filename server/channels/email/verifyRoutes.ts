import type { Answer, Route } from '../../http/route.ts'
import type { LinkState, Verification } from './verification.ts'
import { alreadyVerifiedPage, confirmedPage, confirmPage, expiredPage, incompleteLinkPage, unknownLinkPage } from './verifyPage.ts'

/** A token and a channel id. */
const MAX_FORM_BYTES = 4096

/** GET /email/verify shows, POST /email/verify does. relay:EML4, EML5 */
export function createVerifyRoutes(verification: Verification): Route[] {
  return [
    {
      method: 'GET',
      path: '/email/verify',
      handle({ query }) {
        const link = readLink(query)
        return link ? answer(verification.look(link.channelId, link.token), link) : incompleteLinkPage()
      },
    },
    {
      method: 'POST',
      path: '/email/verify',
      maxBody: MAX_FORM_BYTES,
      async handle({ body }) {
        const link = readLink(new URLSearchParams(body.toString('utf8')))
        return link ? answer(await verification.confirm(link.channelId, link.token), link) : incompleteLinkPage()
      },
    },
  ]
}

type Link = { token: string; channelId: string }

function readLink(given: URLSearchParams): Link | undefined {
  const token = given.get('token')
  const channelId = given.get('channelId')
  return token && channelId ? { token, channelId } : undefined
}

function answer(state: LinkState, link: Link): Answer {
  switch (state.kind) {
    case 'pending':
      return confirmPage(state.facts, link)
    case 'confirmed':
      return confirmedPage(state.facts)
    case 'alreadyVerified':
      return alreadyVerifiedPage(state.facts)
    case 'expired':
      return expiredPage()
    case 'unknown':
      return unknownLinkPage()
  }
}
