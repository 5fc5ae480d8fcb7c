import { render } from 'preact'
import { Failure } from '../messaging/failure.ts'
import { DEFAULT_PROFILE } from '../profiles/model.ts'
import { asFailure } from '../ui/action.ts'
import { dressPage } from '../ui/theme.ts'
import { BrokenOptions } from './options/BrokenOptions.tsx'
import { OptionsApp } from './options/OptionsApp.tsx'
import { type OpenPage, openPage } from './page.ts'
import { readShownProfile } from './shownProfile.ts'

/** What is in order opens in milliseconds; a large upgrade may take a while. */
const OPENS_WITHIN_MS = 20_000

/** Starts the options page. Where what is stored cannot be opened, it is the doctor's page. client:DOC3 */
export async function startOptions(root: HTMLElement): Promise<void> {
  dressPage()
  try {
    const { page, first } = await Promise.race([open(), late()])
    addEventListener('pagehide', () => page.close(), { once: true })
    render(<OptionsApp page={page} first={first} />, root)
  } catch (error) {
    const profileId = new URLSearchParams(location.search).get('profile') ?? DEFAULT_PROFILE
    render(<BrokenOptions reason={asFailure(error).message} profileId={profileId} />, root)
  }
}

async function open(): Promise<{ page: OpenPage; first: string }> {
  const page = await openPage()
  return { page, first: await readShownProfile(page.db) }
}

function late(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Failure('late', 'The stored messages do not open.')), OPENS_WITHIN_MS)
  })
}
