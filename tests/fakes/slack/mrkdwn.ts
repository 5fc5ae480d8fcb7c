const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }

/**
 * What a reader sees of mrkdwn: what stands in angle brackets is a link, a person or a broadcast, three entities are decoded, the marks of
 * formatting are left as they are.
 */
export function readMrkdwn(source: string): { text: string; broadcasts: string[] } {
  const broadcasts: string[] = []
  const text = source
    .replace(/<([^<>]*)>/g, (_, inside: string) => {
      if (/^[!@]/.test(inside)) broadcasts.push(inside)
      const [address = '', label] = inside.split('|')
      return label ?? address
    })
    .replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity)
  return { text, broadcasts }
}
