/** Connections one address may have at once; mail servers open a few. */
const MAX_PER_ADDRESS = 20

/** Who is connected from where. relay:EML8 */
export function createCrowd() {
  const addresses = new Map<string, string>()
  return {
    /** False when there are enough from this address already. */
    enter(connection: string, address: string): boolean {
      let same = 0
      for (const other of addresses.values()) if (other === address) same++
      if (same >= MAX_PER_ADDRESS) return false
      addresses.set(connection, address)
      return true
    },
    has: (connection: string): boolean => addresses.has(connection),
    leave: (connection: string): boolean => addresses.delete(connection),
  }
}
