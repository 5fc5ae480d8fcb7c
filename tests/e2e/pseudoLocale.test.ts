import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { optionsPictures } from '../pictures/options.ts'
import type { Picture } from '../pictures/picture.ts'
import { popupPictures } from '../pictures/popup.ts'
import { cutOff, pseudo, speakPseudo, untranslated } from '../support/browser/pseudoLocale.ts'
import { merge, type OpenStage, openStage } from '../support/browser/uiPreview.ts'

let stage: OpenStage
beforeAll(async () => {
  stage = await openStage({ prepare: speakPseudo })
})
afterAll(() => stage.close())

/** Every text in rows and answers: what people and relays wrote. */
function written(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value && typeof value === 'object') return Object.values(value).flatMap(written)
  return []
}

const shown = ({ name }: Picture) => !/-(dark|\d{3})$/.test(name)

describe('in a language that is not English and longer', () => {
  it.each([...popupPictures, ...optionsPictures].filter(shown).map((picture) => [picture.name, picture] as const))(
    'client:LNG2, LNG3 %s: every word is translated, and none is cut off',
    async (_, { stage: set, options, act }) => {
      const page = await stage.set({ ...set, ...(options && { options }) })
      await page.waitForFunction(() => document.body.textContent?.includes('⟦'))
      await act?.(page)
      expect(await untranslated(page, written([merge(set.rows), set.answers]))).toEqual([])
      expect(await cutOff(page)).toEqual([])
    },
  )

  it('client:LNG2 keeps what is filled in and what is markup, in each plural form', () => {
    expect(pseudo('Sent to {name} | $1 of <b>them</b>')).toMatch(/^⟦Šéñţ ţö \{name\}~+⟧ \| ⟦\$1 öf <b>ţĥém<\/b>~+⟧$/)
  })
})
