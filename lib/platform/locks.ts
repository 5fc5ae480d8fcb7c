/** Named locks over all contexts of the extension. `hold` waits for its turn and keeps the lock until `run` ends. client:ARC4 */
export type Locks = { hold<T>(name: string, run: () => Promise<T>): Promise<T> }

export function createLocks(manager: LockManager): Locks {
  return { hold: async (name, run) => await manager.request(`chaos:${name}`, run) }
}
