/**
 * Epoch milliseconds as `Date.toISOString` writes them. The text of the last second is kept, because a busy relay stores thousands of messages in one.
 */
export function createIsoTimes(): (at: number) => string {
  let second = Number.NaN
  let text = ''
  return (at) => {
    const milliseconds = at % 1000
    if (at - milliseconds !== second) {
      text = new Date(at).toISOString().slice(0, -'000Z'.length)
      second = at - milliseconds
    }
    return `${text}${String(milliseconds).padStart(3, '0')}Z`
  }
}
