import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'puppeteer'
import { root } from '../../scripts/setup/paths.mjs'
import { openStage, takePicture } from '../support/browser/uiPreview.ts'
import buildOnce from '../support/buildOnce.ts'
import { fontAdvice } from './fonts.ts'
import { takePosters } from './listing.ts'
import { optionsPictures } from './options.ts'
import { shrink } from './palette.ts'
import type { Picture } from './picture.ts'
import { readPng, writeFullPng } from './png.ts'
import { popupPictures } from './popup.ts'
import { takeRelayPictures } from './relay.ts'

/**
 * Takes the pictures of the pages, twice as sharp as a screen: `npm run pictures -- [--to folder] [name … | all]`. Without names only
 * those of the documents are taken, into docs/pictures. `store` takes those of the stores, into docs/store/pictures.
 */
const IN_DOCUMENTS = [
  'popup-inbox',
  'popup-inbox-dark',
  'popup-conversation',
  'popup-conversation-dark',
  'popup-first-run',
  'popup-first-run-dark',
  'options-channels',
  'options-channels-dark',
  'options-connection',
  'options-blocked',
  'popup-approval',
  'popup-approval-dark',
  'admin',
  'admin-dark',
  'device',
  'device-dark',
]

const given = process.argv.slice(2)
const to = given.includes('--to') ? given.splice(given.indexOf('--to'), 2)[1] : undefined
const folder = to ?? join(root, 'docs/pictures')
const wanted = given.length > 0 ? given : IN_DOCUMENTS

const isWanted = (name: string) => wanted.includes(name) || wanted.includes('all')

async function take(page: Page, name: string, shoot = takePicture): Promise<void> {
  const file = join(folder, `${name}.png`)
  await shoot(page, file)
  const small = shrink(await readFile(file))
  await writeFile(file, small)
  console.log(`  ${name}.png, ${Math.round(small.length / 1024)} KB`)
}

/** As the stores want them: of exactly that many pixels, in full colours. */
async function takePoster(page: Page, name: string): Promise<void> {
  const file = join(to ?? join(root, 'docs/store/pictures'), `${name}.png`)
  await takePicture(page, file)
  const full = writeFullPng(readPng(await readFile(file)))
  await writeFile(file, full)
  console.log(`  ${name}.png, ${Math.round(full.length / 1024)} KB`)
}

async function takeExtensionPictures(): Promise<void> {
  const pictures = [...popupPictures, ...optionsPictures].filter(({ name }) => isWanted(name))
  const forStores = wanted.includes('store')
  if (pictures.length === 0 && !forStores) return
  buildOnce()
  const stage = await openStage()
  const open = async ({ stage: set, options, act }: Picture): Promise<Page> => {
    const page = await stage.set({ ...set, scale: 2, ...(options && { options }) })
    await act?.(page)
    if (set.hash?.startsWith('#/conversation/')) {
      const messages = await page.waitForSelector('[data-thread]')
      // A script's hand counts as the reader's: without it a page that is just opened has no ring around its messages.
      await messages?.evaluate((element) => element.setAttribute('data-quiet', ''))
    }
    return page
  }
  try {
    for (const picture of pictures) await take(await open(picture), picture.name)
    if (forStores) await takePosters(stage, open, takePoster)
  } finally {
    await stage.close()
  }
}

const advice = fontAdvice()
if (advice) console.log(`  ${advice}`)
await takeExtensionPictures()
await takeRelayPictures(isWanted, take)
