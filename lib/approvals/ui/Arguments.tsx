import { Lock } from 'lucide-preact'
import { i18n } from '#i18n'
import { Icon } from '../../ui/Icon.tsx'
import { rich, slots } from '../../ui/rich.tsx'
import { Tag } from '../../ui/Tag.tsx'
import type { ApprovalRow } from '../model.ts'
import { argumentList, visible } from '../visible.ts'

/** Of the hash, enough to compare two screens. */
const HASH_SHOWN = 8

/** All that would be run, whole, as text. client:APR13 */
export function Arguments({ row }: { row: ApprovalRow }) {
  const { kind, argsHash } = row
  const list = argumentList(row.args)
  return (
    <div class="stack approval-args">
      <p class="label row-line">
        <span class="grow">{i18n.t('approvals.arguments')}</span>
        <Tag kind={kind === 'read' ? 'plain' : 'warn'}>{i18n.t(`approvals.kind.${kind}`)}</Tag>
      </p>
      {list.length === 0 ? (
        <p class="small muted">{i18n.t('approvals.noArguments')}</p>
      ) : (
        <dl class="args">
          {list.map(({ name, value }, index) => (
            <div key={index}>
              <dt dir="auto">{name === '' ? i18n.t('approvals.value') : visible(name)}</dt>
              <dd>{valueText(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <p class="caption faint row-line">
        <Icon of={Lock} size="sm" />
        <span>
          {rich(i18n.t('approvals.once', slots('hash')), {
            hash: <span class="mono">{`${argsHash.slice(0, HASH_SHOWN / 2)} ${argsHash.slice(HASH_SHOWN / 2, HASH_SHOWN)}`}</span>,
          })}
        </span>
      </p>
    </div>
  )
}

/** A text as it is, unless it could be taken for something else: then in quotes, as it is in JSON. */
function valueText(value: unknown): string {
  if (typeof value !== 'string') return visible(JSON.stringify(value, null, 2), '\n')
  return visible(looksLikeJson(value) ? JSON.stringify(value) : value, '\n')
}

function looksLikeJson(text: string): boolean {
  if (text.trim() === '') return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
