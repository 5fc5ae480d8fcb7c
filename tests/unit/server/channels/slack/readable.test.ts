import { describe, expect, it } from 'vitest'
import { peopleIn, readable } from '../../../../../server/channels/slack/readable.ts'
import { growth, SQUARE } from '../../../../support/growth.ts'

const names: Record<string, string> = { U0ADA: 'Ada', U0BOT: 'adabot' }
const read = (text: string) => readable(text, { botId: 'U0BOT', nameOf: (id) => names[id] })

describe('what people wrote in Slack, as they typed it', () => {
  it.each([
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['<@U0ADA> and <@U0EVE|eve> and <@U0NEW>', '@Ada and @eve and @U0NEW'],
    ['<#C0ROOM|general> <#C0ROOM>', '#general #C0ROOM'],
    ['<!here> <!channel|channel> <!everyone>', '@here channel @everyone'],
    ['<!subteam^S0OPS|@ops> <!subteam^S0OPS>', '@ops @S0OPS'],
    ['<!date^1392734382^{date}|18 February>', '18 February'],
    ['<https://x.example/a?b=1&amp;c=2>', 'https://x.example/a?b=1&c=2'],
    ['<https://x.example|x.example> <https://x.example/|the page>', 'https://x.example the page (https://x.example/)'],
    ['<mailto:ada@x.example|ada@x.example> <tel:+123|call>', 'ada@x.example call (+123)'],
    ['<@U0BOT> do it', 'do it'],
    ['  <@U0BOT|adabot>: do it, <@U0BOT>', 'do it, @adabot'],
    ['<@U0BOT>', '@adabot'],
    ['5 < 6 and <> stay', '5 < 6 and <> stay'],
    ['', ''],
  ])('relay:SL4, SAN2 %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it('relay:SL4 names everybody once', () => {
    expect(peopleIn('<@U0ADA> <@U0EVE|eve> <@U0ADA> <#C0ROOM> @U0X')).toEqual(['U0ADA', 'U0EVE'])
  })

  it.each<[name: string, of: (length: number) => string]>([
    ['open brackets', (length) => '<@'.repeat(length)],
    ['bars in a bracket', (length) => `<${'a|'.repeat(length)}>`],
    ['mentions', (length) => '<@U0BOT>'.repeat(length / 4)],
  ])('relay:SAN2 the time for a text of nothing but %s grows with its length, not with its square', (_, of) => {
    expect(growth((length) => read(of(length)), 20_000)).toBeLessThan(SQUARE)
  })
})
