import { useEffect } from 'preact/hooks'
import { href } from '../../ui/router.ts'
import { clipFile, readClip } from '../clip.ts'
import { useHost } from './host.ts'

/** Puts the picture of a clip among the files of the reply, once. client:RCH5 */
export function useClip(conversationId: string, clipId: string | undefined, choose: (files: File[]) => void): void {
  const { db, chores } = useHost()
  useEffect(() => {
    if (clipId === undefined) return
    void readClip(db, clipId).then(async (clip) => {
      const file = clip && clipFile(clip)
      if (!file) return
      choose([file])
      // Opened again, this place must not add it a second time.
      history.replaceState(null, '', location.search + href('reply', conversationId))
      await chores.dropClip({ id: clipId })
    })
  }, [clipId])
}
