/**
 * The part of zod/mini the extension uses, under the same names and with the same results, at a sixth of the size: builds of the extension
 * take this for `zod/mini` (wxt.config.ts). Types, the relay and the tests use zod itself; tests/unit/extension/schemas.test.ts holds the
 * two against each other. docs/adr/0007-schemas-in-the-browser.md
 */

/** `soft`: found by a check, so that other checks still run. */
type Issue = { code: string; path: PropertyKey[]; message: string; soft?: boolean }
type Run = (value: unknown, issues: Issue[]) => unknown
type Check = (value: never, issues: Issue[]) => void
type Shape = Record<string, Schema>
/** What an object does where the key is absent: refuse, leave it out, or take what the schema makes of `undefined`. */
type Absence = { optin?: 'optional' | 'defaulted' | undefined; optout?: 'optional' | undefined }
type Schema = Absence & {
  run: Run
  shape?: Shape
  check(...checks: Check[]): Schema
  parse(value: unknown): unknown
  safeParse(value: unknown): { success: true; data: unknown } | { success: false; error: SchemaError }
}

class SchemaError extends Error {
  readonly issues: Issue[]
  constructor(issues: Issue[]) {
    super(JSON.stringify(issues))
    this.issues = issues
  }
}

function note(issues: Issue[], code: string, ...path: PropertyKey[]): void {
  issues.push({ code, path, message: 'Invalid input' })
}

const isHard = ({ soft }: Issue): boolean => !soft

/* @__NO_SIDE_EFFECTS__ */
function schema(run: Run, more: Absence & { shape?: Shape } = {}): Schema {
  const safeParse: Schema['safeParse'] = (value) => {
    const issues: Issue[] = []
    const data = run(value, issues)
    return issues.length === 0 ? { success: true, data } : { success: false, error: new SchemaError(issues) }
  }
  return {
    ...more,
    run,
    safeParse,
    parse(value) {
      const result = safeParse(value)
      if (!result.success) throw result.error
      return result.data
    },
    check: (...checks) =>
      schema((value, issues) => {
        const found: Issue[] = []
        const parsed = run(value, found)
        if (!found.some(isHard)) for (const check of checks) check(parsed as never, found)
        issues.push(...found)
        return parsed
      }, more),
  }
}

/* @__NO_SIDE_EFFECTS__ */
const accept = (test: (value: unknown) => boolean, code = 'invalid_type'): Schema =>
  schema((value, issues) => {
    if (!test(value)) note(issues, code)
    return value
  })

/* @__NO_SIDE_EFFECTS__ */
export const string = (): Schema => accept((value) => typeof value === 'string')
/* @__NO_SIDE_EFFECTS__ */
export const number = (): Schema => accept(Number.isFinite)
/* @__NO_SIDE_EFFECTS__ */
export const boolean = (): Schema => accept((value) => typeof value === 'boolean')
/* @__NO_SIDE_EFFECTS__ */
export const unknown = (): Schema => accept(() => true)
/* @__NO_SIDE_EFFECTS__ */
const nothing = (): Schema => accept((value) => value === undefined)
/* @__NO_SIDE_EFFECTS__ */
const oneOf = (values: unknown[]): Schema => accept((value) => values.includes(value), 'invalid_value')
/* @__NO_SIDE_EFFECTS__ */
export const literal = (value: unknown): Schema => oneOf([value])
export { caught as catch, nothing as void, oneOf as enum }

/* @__NO_SIDE_EFFECTS__ */
export const optional = (inner: Schema): Schema =>
  schema((value, issues) => (value === undefined && inner.optin !== 'defaulted' ? value : inner.run(value, issues)), {
    optin: inner.optin ?? 'optional',
    optout: 'optional',
  })

/* @__NO_SIDE_EFFECTS__ */
export const nullable = (inner: Schema): Schema =>
  schema((value, issues) => (value === null ? value : inner.run(value, issues)), inner)

/* @__NO_SIDE_EFFECTS__ */
export const _default = (inner: Schema, filling: unknown): Schema =>
  schema((value, issues) => (value === undefined ? structuredClone(filling) : inner.run(value, issues)), { optin: 'defaulted' })

/* @__NO_SIDE_EFFECTS__ */
function caught(inner: Schema, instead: unknown): Schema {
  const run: Run = (value) => {
    const issues: Issue[] = []
    const parsed = inner.run(value, issues)
    return issues.length > 0 ? instead : parsed
  }
  return schema(run, { optin: inner.optin ?? 'optional', optout: inner.optout })
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Runs the schema of a part and puts the part's key before what it finds. */
function runPart(inner: Schema, key: PropertyKey, value: unknown, issues: Issue[]): unknown {
  const before = issues.length
  const parsed = inner.run(value, issues)
  for (let index = before; index < issues.length; index++) issues[index]?.path.unshift(key)
  return parsed
}

/* @__NO_SIDE_EFFECTS__ */
export function object(shape: Shape): Schema {
  const parts = Object.entries(shape)
  const run: Run = (value, issues) => {
    if (!isRecord(value)) {
      note(issues, 'invalid_type')
      return value
    }
    const parsed: Record<string, unknown> = {}
    for (const [key, inner] of parts) {
      const { optin, optout } = inner
      const isThere = key in value
      const before = issues.length
      const part = runPart(inner, key, value[key], issues)
      if (!isThere && !optin && issues.length === before) note(issues, 'invalid_type', key)
      if (part !== undefined || isThere || (optin === 'defaulted' && !optout)) parsed[key] = part
    }
    return parsed
  }
  return schema(run, { shape })
}

/* @__NO_SIDE_EFFECTS__ */
export const extend = ({ shape }: Schema, more: Shape): Schema => object({ ...shape, ...more })
/* @__NO_SIDE_EFFECTS__ */
export const partial = ({ shape = {} }: Schema): Schema =>
  object(Object.fromEntries(Object.entries(shape).map(([key, inner]) => [key, optional(inner)])))

/* @__NO_SIDE_EFFECTS__ */
export const array = (inner: Schema): Schema =>
  schema((value, issues) => {
    if (Array.isArray(value)) return Array.from(value, (part, index) => runPart(inner, index, part, issues))
    note(issues, 'invalid_type')
    return value
  })

/** Keys are text. `__proto__` is left out: setting it would not make a key. */
/* @__NO_SIDE_EFFECTS__ */
export const record = (_key: Schema, inner: Schema): Schema =>
  schema((value, issues) => {
    if (!isRecord(value)) {
      note(issues, 'invalid_type')
      return value
    }
    const parsed: Record<string, unknown> = {}
    for (const key of Object.keys(value)) if (key !== '__proto__') parsed[key] = runPart(inner, key, value[key], issues)
    return parsed
  })

/* @__NO_SIDE_EFFECTS__ */
export function union(options: Schema[]): Schema {
  const run: Run = (value, issues) => {
    const near: Issue[][] = []
    for (const option of options) {
      const found: Issue[] = []
      const parsed = option.run(value, found)
      if (found.length === 0) return parsed
      if (!found.some(isHard)) near.push(found)
    }
    if (near.length === 1) issues.push(...near.flat())
    else note(issues, 'invalid_union')
    return value
  }
  const some = (one: Absence['optin']): boolean => options.some(({ optin }) => optin === one)
  return schema(run, {
    optin: some('defaulted') ? 'defaulted' : some('optional') ? 'optional' : undefined,
    optout: options.some(({ optout }) => optout) ? 'optional' : undefined,
  })
}

/* @__NO_SIDE_EFFECTS__ */
const holds =
  <T>(code: string, test: (value: T) => boolean): Check =>
  (value: T, issues) => {
    if (!test(value)) issues.push({ code, path: [], message: 'Invalid input', soft: true })
  }

/* @__NO_SIDE_EFFECTS__ */
export const regex = (pattern: RegExp): Check => holds('invalid_format', (value: string) => value.search(pattern) >= 0)
/* @__NO_SIDE_EFFECTS__ */
export const minLength = (least: number): Check => holds('too_small', ({ length }: string) => length >= least)
/* @__NO_SIDE_EFFECTS__ */
export const gte = (least: number): Check => holds('too_small', (value: number) => value >= least)
/* @__NO_SIDE_EFFECTS__ */
export const lte = (most: number): Check => holds('too_big', (value: number) => value <= most)

/** Nothing here is compiled, so there is nothing to switch off. */
export function config(): void {}
