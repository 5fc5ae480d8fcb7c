import { i18n } from '#i18n'
import { isUnnamed } from '../profiles/names.ts'

/** What every page calls a profile: by its name, the first one Home. */
export function profileTitle(name: string | undefined): string {
  return name === undefined || isUnnamed(name) ? i18n.t('app.home') : name
}
