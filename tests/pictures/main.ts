import { join } from 'node:path'
import { root } from '../../scripts/setup/paths.mjs'
import { optionsUrl } from '../support/browser/extension.ts'
import { openStage, takePicture } from '../support/browser/uiPreview.ts'
import buildOnce from '../support/buildOnce.ts'
import { optionsPictures } from './options.ts'
import { popupPictures } from './popup.ts'

/**
 * Takes the pictures of the pages, twice as sharp as a screen: `npm run pictures -- [--to folder] [name …]`. Without names only those the
 * documents show are taken, into docs/pictures.
 */
const IN_DOCUMENTS = ['popup-inbox', 'popup-conversation', 'popup-conversation-dark', 'options-channels']

const given = process.argv.slice(2)
const to = given.includes('--to') ? given.splice(given.indexOf('--to'), 2)[1] : undefined
const folder = to ?? join(root, 'docs/pictures')
const wanted = given.length > 0 ? given : IN_DOCUMENTS
const all = [...popupPictures, ...optionsPictures]

buildOnce()
const stage = await openStage()
try {
  for (const { name, stage: set, options, act } of all) {
    if (!wanted.includes(name) && !wanted.includes('all')) continue
    const page = await stage.set({ ...set, scale: 2 })
    if (options) await page.goto(optionsUrl(options))
    await act?.(page)
    await takePicture(page, join(folder, `${name}.png`))
    console.log(`  ${name}.png`)
  }
} finally {
  await stage.close()
}
