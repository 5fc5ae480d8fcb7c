import type { ChannelType } from '#protocol/message.ts'

/** What a pasted text is taken for, with the values ready to send. client:CON1-CON7 */
export type Guess =
  | { kind: 'telegram'; botToken: string }
  | { kind: 'discord'; botToken: string }
  | { kind: 'slack'; botToken: string; appToken?: string }
  /** Half of a Slack pair: the bot token is still missing. client:CON4 */
  | { kind: 'slack_app_only'; appToken: string }
  | { kind: 'email'; userEmail: string; name: string }
  /** An empty name is an unnamed webhook. */
  | { kind: 'webhook'; name: string }
  | { kind: 'empty' }
  | { kind: 'unknown' }

/** A guess that can be sent. */
export type ReadyGuess = Extract<Guess, { kind: ChannelType }>

const SURROUNDINGS = /^[\s\u200b\ufeff"'`“”„‘’«»]+|[\s\u200b\ufeff"'`“”„‘’«»]+$/g
const KIND_AND_REST = /^(telegram|discord|slack|email|webhook)(?:\s*:|\s)\s*([\s\S]*)$/i
const TELEGRAM_TOKEN = /^\d{6,12}:[A-Za-z0-9_-]{30,}$/
const DISCORD_TOKEN = /^[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{20,}$/
const EMAIL_ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
/** Also where an input has swallowed the line break between the two. */
const SLACK_STARTS = /(?=xoxb-|xapp-)/
const SLACK_SEPARATORS = /[\s,;]+/

/** client:WIZ8: pasted values lose surrounding spaces, quotes and line breaks. */
export function cleanPaste(text: string): string {
  return text.replace(SURROUNDINGS, '')
}

/** The first rule that fits decides. Pure: the same text always gives the same guess. */
export function guess(text: string): Guess {
  const clean = cleanPaste(text)
  if (clean === '') return { kind: 'empty' }
  return named(clean) ?? recognised(clean) ?? { kind: 'unknown' }
}

/**
 * Nobody said that this is to be added: only what can be nothing else counts. A sentence that begins with "telegram" or "webhook" does not.
 * client:ONB1
 */
export function guessUnasked(text: string): Guess {
  const clean = cleanPaste(text)
  const value = guess(clean)
  const [, , rest = clean] = KIND_AND_REST.exec(clean) ?? []
  const speaksForItself =
    value.kind === 'webhook' ? clean.split(/\s+/).length <= 2 : recognised(cleanPaste(rest))?.kind === value.kind
  return speaksForItself ? value : { kind: 'unknown' }
}

export function isReady(value: Guess): value is ReadyGuess {
  return value.kind !== 'empty' && value.kind !== 'unknown' && value.kind !== 'slack_app_only'
}

/** Two halves of a Slack pair, pasted one after the other. client:CON4 */
export function completesPair(before: Guess, pasted: Guess): boolean {
  const halves = [before, pasted].map(({ kind }) => kind).toSorted()
  const hasBoth = [before, pasted].some((half) => half.kind === 'slack' && half.appToken !== undefined)
  return halves[0] === 'slack' && halves[1] === 'slack_app_only' && !hasBoth
}

/** client:CON1: the kind is said, so its value is taken as it is. */
function named(text: string): Guess | undefined {
  const [, word = '', tail = ''] = KIND_AND_REST.exec(text) ?? []
  const rest = cleanPaste(tail)
  const kind = word.toLowerCase()
  if (kind === 'webhook') return { kind, name: oneLine(rest) }
  if (rest === '') return undefined
  if (kind === 'telegram' || kind === 'discord') return { kind, botToken: rest }
  if (kind === 'email') return email(rest)
  if (kind === 'slack') return slack(rest) ?? { kind, botToken: rest }
  return undefined
}

function recognised(text: string): Guess | undefined {
  if (TELEGRAM_TOKEN.test(text)) return { kind: 'telegram', botToken: text }
  if (DISCORD_TOKEN.test(text)) return { kind: 'discord', botToken: text }
  if (/^(?:xoxb-|xapp-)/.test(text)) return slack(text)
  if (EMAIL_ADDRESS.test(text)) return email(text)
  if (text.toLowerCase() === 'webhook') return { kind: 'webhook', name: '' }
  return undefined
}

/** client:CON4: either token, or both in any order. */
function slack(text: string): Guess | undefined {
  const tokens = text
    .split(SLACK_SEPARATORS)
    .flatMap((part) => part.split(SLACK_STARTS))
    .map(cleanPaste)
  const botToken = tokens.find((token) => /^xoxb-./.test(token))
  const appToken = tokens.find((token) => /^xapp-./.test(token))
  if (botToken) return { kind: 'slack', botToken, ...(appToken && { appToken }) }
  return appToken ? { kind: 'slack_app_only', appToken } : undefined
}

/** client:WIZ4: the name proposed is the local part. */
function email(address: string): Guess {
  const local = address.split('@')[0] ?? ''
  return { kind: 'email', userEmail: address, name: local.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'email' }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
