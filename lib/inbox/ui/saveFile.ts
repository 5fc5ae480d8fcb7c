/** Long enough for the browser to take the bytes over, in milliseconds. */
const TAKEN_OVER_MS = 60_000

/** Hands bytes to the browser as a download. Always as plain bytes: nothing is opened by its type. client:CAT2 */
export function saveFile(bytes: ArrayBuffer, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), TAKEN_OVER_MS)
}
