import type { Page } from 'puppeteer'
import { type OpenStage, settled } from '../support/browser/uiPreview.ts'
import { optionsPictures } from './options.ts'
import type { Picture } from './picture.ts'
import { popupPictures } from './popup.ts'

/** A picture for the stores: a headline, and below or beside it the real thing, which is another picture by its name. */
type Poster = { name: string; width: number; height: number; headline: string; text: string; shows?: string }

const LARGE = { width: 1280, height: 800 }

/** docs/store/pictures, in the order in which a store shows them. */
export const posters: Poster[] = [
  {
    ...LARGE,
    name: '1-inbox',
    headline: 'Every channel in one inbox',
    text: 'Telegram, Discord, Slack, email and webhooks, one click away in your toolbar.',
    shows: 'popup-inbox',
  },
  {
    ...LARGE,
    name: '2-conversation',
    headline: 'Answer where you are',
    text: 'Ticks tell where each reply is: in this browser, on your relay, sent, or failed, and why.',
    shows: 'popup-conversation',
  },
  {
    ...LARGE,
    name: '3-channels',
    headline: 'Paste a token. That is the set-up.',
    text: 'Your relay does the rest, without a public address.',
    shows: 'options-channels',
  },
  {
    ...LARGE,
    name: '4-approvals',
    headline: 'Your agent asks, you decide',
    text: 'A yes is good for exactly that action, once.',
    shows: 'popup-approval',
  },
  {
    ...LARGE,
    name: '5-security',
    headline: 'Your relay, your key',
    text: 'Signed both ways. No access to websites, no telemetry, no account.',
    shows: 'options-security',
  },
  {
    name: 'tile',
    width: 440,
    height: 280,
    headline: 'Chaos Relay',
    text: 'Your messages, in your browser, through your own relay.',
  },
]

const named = (name: string): Picture | undefined => [...popupPictures, ...optionsPictures].find((one) => one.name === name)

/** Gives each poster's page to `take` when it is complete. */
export async function takePosters(
  stage: OpenStage,
  open: (picture: Picture) => Promise<Page>,
  take: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  for (const poster of posters) {
    const picture = poster.shows === undefined ? undefined : named(poster.shows)
    const shot = picture && (await shoot(await open(picture)))
    const page = await stage.chromium.browser.newPage()
    await page.setViewport({ width: poster.width, height: poster.height })
    await page.setContent(posterPage(poster, shot, picture?.options === undefined ? 'tall' : 'wide'))
    await page.evaluate(() => Promise.all([document.fonts.ready, ...[...document.images].map((image) => image.decode())]))
    await take(page, poster.name)
    await page.close()
  }
}

async function shoot(page: Page): Promise<string> {
  await settled(page)
  return page.screenshot({ encoding: 'base64' })
}

const LOGO = `<svg viewBox="0 0 128 128"><rect width="128" height="128" rx="30" fill="#fff"/>
<path d="M88 72A32 32 0 1 1 56 40" fill="none" stroke="#0b666c" stroke-width="16" stroke-linecap="round"/><circle cx="96" cy="32" r="16" fill="#16a394"/></svg>`

/** Its colours are those of lib/ui/tokens.css. */
function posterPage({ headline, text }: Poster, shot: string | undefined, kind: 'tall' | 'wide'): string {
  const image = shot === undefined ? '' : `<img alt="" src="data:image/png;base64,${shot}">`
  return `<!doctype html><meta charset="utf-8"><style>
*{margin:0;box-sizing:border-box}
body{height:100vh;overflow:hidden;background:#0b666c;color:#fff;font-family:system-ui,"Noto Sans",sans-serif}
main{height:100%;display:grid;gap:32px}
svg{width:72px;height:72px;margin-bottom:28px}
h1{font-size:56px;line-height:1.1;font-weight:700;letter-spacing:-.02em;text-wrap:balance}
p{margin-top:20px;font-size:26px;line-height:1.4;color:#d3ebe9;text-wrap:pretty}
img{display:block;border-radius:14px;box-shadow:0 24px 60px rgb(0 20 22 / .45)}
.tall{grid-template-columns:1fr 440px;align-items:center;padding:0 96px;gap:88px}
.tall img{width:440px}
.wide{grid-template-rows:auto 1fr;padding:56px 96px 0}
.wide header{display:grid;grid-template-columns:72px 1fr;column-gap:28px;align-items:center}
.wide svg{margin:0;grid-row:1/3}
.wide h1{font-size:44px}
.wide p{margin-top:6px;font-size:24px}
.wide img{width:1088px;border-radius:14px 14px 0 0}
.none{display:block;padding:36px}
.none svg{width:64px;height:64px;margin-bottom:22px}
.none h1{font-size:38px}
.none p{font-size:21px;margin-top:10px}
</style><main class="${shot === undefined ? 'none' : kind}"><header>${LOGO}<h1>${headline}</h1><p>${text}</p></header>${image}</main>`
}
