import type { ComponentProps } from 'preact'
import { useModule } from '../../ui/lazy.ts'
import { SkeletonRows } from '../../ui/Skeleton.tsx'
import type { StartPage } from './StartPage.tsx'

/** Seen once by most. */
export function LazyStart(props: ComponentProps<typeof StartPage>) {
  const module = useModule(() => import('./StartPage.tsx'))
  return module ? <module.StartPage {...props} /> : <SkeletonRows />
}
