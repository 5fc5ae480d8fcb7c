import { CircleAlert } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { i18n } from '#i18n'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/Icon.tsx'
import { type PhraseReading, replaceWord, type Suggestion } from '../phraseWords.ts'

type Props = { reading: Exclude<PhraseReading, { state: 'good' }>; text: string; replace: (text: string) => void }

/** What is wrong with the words typed, and those that were probably meant. client:PHR6 */
export function PhraseTrouble({ reading, text, replace }: Props) {
  switch (reading.state) {
    case 'length':
      return <Line>{i18n.t('phrase.wrong.length', reading.count)}</Line>
    case 'unknown':
      return <Suggestions of={reading.wrong} lead="phrase.wrong.unknown" text={text} replace={replace} />
    case 'mismatch':
      return (
        <>
          <Line>{i18n.t('phrase.wrong.mismatch')}</Line>
          <Suggestions of={reading.likely} lead="phrase.wrong.perhaps" text={text} replace={replace} />
        </>
      )
  }
}

function Suggestions({
  of,
  lead,
  text,
  replace,
}: Pick<Props, 'text' | 'replace'> & { of: readonly Suggestion[]; lead: 'phrase.wrong.unknown' | 'phrase.wrong.perhaps' }) {
  return (
    <>
      {of.map(({ place, word, likely }) => (
        <Line key={place}>
          {i18n.t(lead, { place, word })}
          {likely.length > 0 && ` ${i18n.t('phrase.wrong.meant')}`}
          {likely.map((other) => (
            <Button key={other} small onClick={() => replace(replaceWord(text, place, other))}>
              <span class="mono">{other}</span>
            </Button>
          ))}
        </Line>
      ))}
    </>
  )
}

function Line({ children }: { children: ComponentChildren }) {
  return (
    <p class="hint hint-fail phrase-trouble">
      <Icon of={CircleAlert} />
      <span>{children}</span>
    </p>
  )
}
