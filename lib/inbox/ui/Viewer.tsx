import { type ComponentChildren, createContext } from 'preact'
import { useCallback, useState } from 'preact/hooks'
import { useModule } from '../../ui/lazy.ts'
import type { Shown } from './pictures.ts'

const load = () => import('./PictureViewer.tsx')

/** Opens a picture large. */
export const ViewerContext = createContext<(picture: Shown) => void>(() => {})

/** Around the messages, not inside one of them: what is shown stays when its message scrolls away. client:PIC1 */
export function Viewer({ children }: { children: ComponentChildren }) {
  const [picture, setPicture] = useState<Shown>()
  const module = useModule(load, picture !== undefined)
  const close = useCallback(() => setPicture(undefined), [])
  return (
    <ViewerContext.Provider value={setPicture}>
      {children}
      {picture && module && <module.PictureViewer first={picture} onClose={close} />}
    </ViewerContext.Provider>
  )
}
