import { i18n } from '#i18n'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { useFocusHere } from '../../ui/focus.ts'
import { Choice } from '../../ui/SettingRows.tsx'

type Props = {
  words: readonly string[]
  setLength: (length: 12 | 24) => void
  written: () => void
  cancel: () => void
}

/** client:PHR1 */
export function ShowWords({ words, setLength, written, cancel }: Props) {
  const title = useFocusHere<HTMLHeadingElement>()
  return (
    <>
      <h2 id="phrase-title" ref={title} tabIndex={-1}>
        {i18n.t('phrase.title')}
      </h2>
      <div class="stack dialog-text">
        <p>{i18n.t('phrase.text')}</p>
        <p>{i18n.t('phrase.once')}</p>
      </div>
      <Choice
        title={i18n.t('phrase.length')}
        value={words.length === 24 ? 24 : 12}
        options={[
          [12, i18n.t('phrase.words', 12)],
          [24, i18n.t('phrase.words', 24)],
        ]}
        onChange={setLength}
      />
      <ol class="phrase" dir="ltr" translate={false}>
        {words.map((word, index) => (
          <li key={index}>
            <span class="phrase-place num">{index + 1}</span>
            <span class="mono">{word}</span>
          </li>
        ))}
      </ol>
      <div class="dialog-actions phrase-actions">
        <CopyButton text={words.join(' ')} thing={i18n.t('phrase.thing')} />
        <span class="grow" />
        <Button onClick={cancel}>{i18n.t('options.cancel')}</Button>
        <Button kind="primary" onClick={written}>
          {i18n.t('phrase.written')}
        </Button>
      </div>
    </>
  )
}
