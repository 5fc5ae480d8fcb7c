import type { Answer } from '../http/route.ts'
import { html } from '../pages/html.ts'
import { icon, logo } from '../pages/icons.ts'
import { pageAnswer } from '../pages/page.ts'

/** The page that asks for the password. `problem` is why the last attempt was refused. relay:ADM2, ADM5 */
export function loginPage({
  base,
  status = 200,
  problem,
  headers = {},
}: {
  base: string
  status?: number
  problem?: string
  headers?: Record<string, string>
}): Answer {
  const body = html`
<main class="door card">
  <div class="brand">${logo()}<span>Chaos Relay</span></div>
  <h1>Dashboard of this relay</h1>
  ${problem && html`<p class="banner banner-fail" role="alert" id="problem">${icon('alert')}<span>${problem}</span></p>`}
  <form method="post" action="${base}/login" class="stack door-form" data-send="navigate">
    <div>
      <label class="label" for="password">Password</label>
      <div class="field"><input id="password" name="password" type="password" autocomplete="current-password" required autofocus ${problem && html`aria-invalid="true" aria-describedby="problem"`}></div>
    </div>
    <button class="btn btn-primary" type="submit">Sign in</button>
  </form>
  <p class="small muted">It is the value of <code>CHAOS_ADMIN_KEY</code> on the machine the relay runs on.</p>
</main>`
  return pageAnswer({ status, headers, base, kit: 'admin', title: 'Sign in', body })
}
