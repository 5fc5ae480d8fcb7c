/** The body of an answer, or undefined when it is larger: no stranger's server decides how much memory it takes. */
export async function readAtMost(answer: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  if (!answer.body) return new Uint8Array()
  const reader = answer.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.byteLength
    if (size > maxBytes) {
      await reader.cancel()
      return undefined
    }
    chunks.push(part.value)
  }
  return Buffer.concat(chunks, size)
}
