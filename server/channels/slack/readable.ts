/** What stands in angle brackets: people, channels, broadcasts, links. */
const BRACKETS = /<([^<>\n]{1,4000})>/g
const PERSON = /^@([A-Z0-9]+)(?:\|(.*))?$/
const CHANNEL = /^#([A-Z0-9]+)(?:\|(.*))?$/
const SPECIAL = /^!([^|]*)(?:\|(.*))?$/
const LINK = /^([^|]+)(?:\|(.*))?$/

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

/** The ids of everybody named in a text, each once. */
export function peopleIn(text: string): string[] {
  const ids = [...text.matchAll(BRACKETS)].map(([, inside = '']) => PERSON.exec(inside)?.[1])
  return [...new Set(ids.filter((id) => id !== undefined))]
}

/**
 * Slack's markup as it was typed: names instead of ids, links with their address, the three entities decoded. A message that begins by
 * addressing the bot begins with what follows. relay:SAN2
 */
export function readable(text: string, { botId, nameOf }: { botId: string; nameOf: (id: string) => string | undefined }): string {
  const addressed = new RegExp(`^\\s*<@${botId}(?:\\|[^>]*)?>[\\s,:]*(?=\\S)`)
  return text
    .replace(addressed, '')
    .replace(BRACKETS, (_, inside: string) => spelledOut(inside, nameOf))
    .replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity)
}

function spelledOut(inside: string, nameOf: (id: string) => string | undefined): string {
  const person = PERSON.exec(inside)
  if (person) return `@${nameOf(person[1] ?? '') ?? (person[2] || person[1])}`
  const channel = CHANNEL.exec(inside)
  if (channel) return `#${channel[2] || channel[1]}`
  const special = SPECIAL.exec(inside)
  if (special) return spoken(special[1] ?? '', special[2])
  const [, address = '', label] = LINK.exec(inside) ?? []
  const bare = address.replace(/^(?:mailto|tel):/, '')
  if (!label || label === address || label === bare || `http://${label}` === address || `https://${label}` === address) return bare
  return `${label} (${bare})`
}

/** `<!here>`, `<!subteam^S1|@team>`, `<!date^1392734382^{date}|18 February>`. */
function spoken(name: string, label: string | undefined): string {
  const kind = name.split('^')[0] ?? ''
  return label || `@${kind === 'subteam' ? (name.split('^')[1] ?? kind) : kind}`
}
