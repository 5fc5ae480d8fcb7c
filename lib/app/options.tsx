import { render } from 'preact'
import { asFailure } from '../ui/action.ts'
import { dressPage } from '../ui/theme.ts'
import { OptionsApp } from './options/OptionsApp.tsx'
import { Unreadable } from './options/Unreadable.tsx'
import { openPage } from './page.ts'
import { readShownProfile } from './shownProfile.ts'

/** Starts the options page. */
export async function startOptions(root: HTMLElement): Promise<void> {
  dressPage()
  try {
    const page = await openPage()
    addEventListener('pagehide', () => page.close(), { once: true })
    render(<OptionsApp page={page} first={await readShownProfile(page.db)} />, root)
  } catch (error) {
    render(
      <main class="main">
        <Unreadable reason={asFailure(error).message} onTry={() => location.reload()} />
      </main>,
      root,
    )
  }
}
