/** Where the rules show a secret to its owner. */
export const AT_REGISTRATION = /^POST \/auth\/register$/
export const TO_OWNER = '(?:GET|POST) \\/channels|PATCH \\/channels\\/[^/]+|GET \\/ws'
export const PAIRING = new RegExp(
  `^(?:${TO_OWNER}|POST \\/channels\\/(?:telegram|discord|slack)\\/register|POST \\/(?:app\\/)?channels\\/[^/]+\\/pairing)$`,
)
export const URL_SECRET = new RegExp(
  `^(?:${TO_OWNER}|POST \\/channels\\/discord\\/register|POST \\/channels\\/[^/]+\\/rotate-secret)$`,
)
export const NOT_IN_THE_LOG = /^(?!log$)/

/** A machine with too much to do is no failure. */
export const WAIT = { timeout: 20_000 }
export const FILE = { bytes: Buffer.from('bytes of a file'), filename: 'notes.txt' }
