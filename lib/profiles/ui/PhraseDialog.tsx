import { useModule } from '../../ui/lazy.ts'
import type { PhraseMakerProps } from './PhraseMaker.tsx'

/** Words and curve come only when they are needed. */
export function PhraseDialog(props: PhraseMakerProps) {
  const loaded = useModule(() => import('./PhraseMaker.tsx'))
  return loaded ? <loaded.PhraseMaker {...props} /> : null
}
