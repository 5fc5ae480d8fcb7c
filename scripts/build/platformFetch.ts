/** In place of the package node-fetch: what Node brings. */
export default globalThis.fetch
