import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the relay keeps its data unless CHAOS_DATA_DIR says otherwise: the user's own place for application data. */
export function defaultDataDirectory(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'chaos-relay')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'chaos-relay')
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'chaos-relay')
}
