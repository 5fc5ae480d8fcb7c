/** client:PHR3 */
const ASKED = 3

/** Three different places among so many, from 1, in their order; nobody knows beforehand which. client:PHR3 */
export function askedPlaces(count: number): number[] {
  const places = Array.from({ length: count }, (_, index) => index + 1)
  const random = crypto.getRandomValues(new Uint32Array(ASKED))
  const asked = [...random].map((value) => places.splice(value % places.length, 1)[0] ?? 1)
  return asked.sort((a, b) => a - b)
}
