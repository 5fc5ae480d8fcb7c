import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { optionsPictures } from '../pictures/options.ts'
import type { Picture } from '../pictures/picture.ts'
import { popupPictures } from '../pictures/popup.ts'
import { notIsolated, wronglyTurned } from '../support/browser/direction.ts'
import { onAll } from '../support/browser/onAll.ts'
import { cutOff, pseudo, speakPseudo, untranslated } from '../support/browser/pseudoLocale.ts'
import { merge } from '../support/browser/stageRows.ts'
import { type OpenStage, openStage } from '../support/browser/uiPreview.ts'

let stage: OpenStage
beforeAll(async () => {
  stage = await openStage({ prepare: speakPseudo, locale: 'ar', oneTab: true })
})
afterAll(() => stage.close())

/** Every text in rows and answers: what people and relays wrote; of an address also its host alone. */
function written(value: unknown): string[] {
  if (typeof value === 'string') return URL.canParse(value) ? [value, new URL(value).host] : [value]
  if (value && typeof value === 'object') return Object.values(value).flatMap(written)
  return []
}

/** Times in the words of another language: in Arabic each has a letter of it, or digits alone. */
const wronglyWritten = (all: Element[]): string[] =>
  all.map((time) => `${time.textContent} ${time.getAttribute('title') ?? ''}`).filter((words) => /[a-z]/i.test(words))

const shown = ({ name }: Picture) => !/-(dark|\d{3})$/.test(name)

describe('in a language that is longer than English and read from right to left', () => {
  it.each([...popupPictures, ...optionsPictures].filter(shown).map((picture) => [picture.name, picture] as const))(
    'client:LNG2, LNG3, LNG4 %s: every word is translated, none is cut off, and the page is mirrored but for what others wrote',
    async (_, { stage: set, options, act }) => {
      const page = await stage.set({ ...set, ...(options && { options }) })
      await page.waitForFunction(() => document.body.textContent?.includes('⟦'))
      await act?.(page)
      const known = written([merge(set.rows), set.answers])
      expect(await untranslated(page, known)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl')
      expect(await cutOff(page)).toEqual([])
      expect(await notIsolated(page, known)).toEqual([])
      expect(await wronglyTurned(page)).toEqual([])
      expect(await onAll(page, 'time', wronglyWritten)).toEqual([])
      await page.evaluate(() => {
        document.documentElement.dir = 'ltr'
      })
      expect(await cutOff(page)).toEqual([])
    },
  )

  it('client:LNG2 keeps what is filled in and what is markup, in each plural form', () => {
    expect(pseudo('Sent to {name} | $1 of <b>them</b>')).toMatch(/^⟦Šéñţ ţö \u2068\{name\}\u2069~+⟧ \| ⟦\$1 öf <b>ţĥém<\/b>~+⟧$/)
  })
})
