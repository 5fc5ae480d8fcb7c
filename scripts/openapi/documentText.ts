import { stringify } from 'yaml'
import { openApi } from './document.ts'
import { operations } from './operations/index.ts'

/** docs/openapi.yaml, byte for byte. */
export function documentText(): string {
  return stringify(openApi(operations), { lineWidth: 120, aliasDuplicateObjects: false })
}
