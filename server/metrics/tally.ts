/** What a metric is called, and what it tells. */
export type Named = { name: string; help: string }

export type Tally<Labels extends string = string> = ReturnType<typeof createTally<Labels>>

/** Counts by the values of its labels, in plain numbers: one object member per combination. Values never come from outside, so there are few. */
export function createTally<Labels extends string>({ labels, ...named }: Named & { labels: readonly Labels[] }) {
  const counts: Record<string | number, number> = {}
  return {
    ...named,
    /** One more, with the values of the first label and of the second, where there are two. */
    add(first: string | number, second?: string): void {
      const key = second === undefined ? first : `${first} ${second}`
      counts[key] = (counts[key] ?? 0) + 1
    },
    /** For the scrape. */
    samples: (): { labels: Record<Labels, string>; value: number }[] =>
      Object.entries(counts).map(([key, value]) => ({ labels: labelled(labels, key.split(' ')), value })),
  }
}

function labelled<Labels extends string>(labels: readonly Labels[], values: string[]): Record<Labels, string> {
  return Object.fromEntries(labels.map((label, index) => [label, values[index] ?? ''])) as Record<Labels, string>
}
