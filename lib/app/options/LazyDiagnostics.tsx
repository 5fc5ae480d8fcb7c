import type { ComponentProps } from 'preact'
import { useModule } from '../../ui/lazy.ts'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import type { DiagnosticsPage } from './DiagnosticsPage.tsx'

/** Most visits to the options need no doctor. */
export function LazyDiagnostics(props: ComponentProps<typeof DiagnosticsPage>) {
  const module = useModule(() => import('./DiagnosticsPage.tsx'))
  return module ? <module.DiagnosticsPage {...props} /> : <SkeletonRows />
}
