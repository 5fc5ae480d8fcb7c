import fc from 'fast-check'
import type * as zod from 'zod/mini'

/** A schema as data, so that it can be built with either library. */
export type Plan =
  | { kind: 'string' | 'number' | 'boolean' | 'unknown' | 'void' | 'code' | 'filled' | 'between' }
  | { kind: 'enum'; values: string[] }
  | { kind: 'literal'; value: string | number | boolean }
  | { kind: 'optional' | 'nullable' | 'array' | 'record' | 'caught'; of: Plan }
  | { kind: 'default'; of: Plan; value: unknown }
  | { kind: 'object'; shape: Record<string, Plan> }
  | { kind: 'extended'; shape: Record<string, Plan>; more: Record<string, Plan> }
  | { kind: 'partial'; shape: Record<string, Plan> }
  | { kind: 'union'; options: Plan[] }

export function buildSchema(z: typeof zod, plan: Plan): zod.ZodMiniType {
  const shapeOf = (shape: Record<string, Plan>) =>
    Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, buildSchema(z, part)]))
  switch (plan.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'unknown':
    case 'void':
      return z[plan.kind]()
    case 'code':
      return z.string().check(z.regex(/^[a-f]+$/))
    case 'filled':
      return z.string().check(z.minLength(1))
    case 'between':
      return z.number().check(z.gte(0), z.lte(1))
    case 'enum':
      return z.enum(plan.values)
    case 'literal':
      return z.literal(plan.value)
    case 'optional':
    case 'nullable':
    case 'array':
      return z[plan.kind](buildSchema(z, plan.of))
    case 'record':
      return z.record(z.string(), buildSchema(z, plan.of))
    case 'caught':
      return z.catch(buildSchema(z, plan.of), 'caught' as never)
    case 'default':
      return z._default(buildSchema(z, plan.of), plan.value as never)
    case 'object':
      return z.object(shapeOf(plan.shape))
    case 'extended':
      return z.extend(z.object(shapeOf(plan.shape)), shapeOf(plan.more))
    case 'partial':
      return z.partial(z.object(shapeOf(plan.shape)))
    case 'union':
      return z.union(plan.options.map((option) => buildSchema(z, option)))
  }
}

const keys = fc.constantFrom('a', 'b', 'c', 'd')
const text = fc.constantFrom('', 'a', 'beef', 'x', 'caught')
const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>, text, fc.constant(undefined))

const kinds = ['string', 'number', 'boolean', 'unknown', 'void', 'code', 'filled', 'between'] as const

export const plans = fc.letrec<{ plan: Plan; shape: Record<string, Plan> }>((tie) => ({
  plan: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'plan' },
    fc.record({ kind: fc.constantFrom(...kinds) }),
    fc.record({ kind: fc.constant('enum' as const), values: fc.uniqueArray(text, { minLength: 1 }) }),
    fc.record({ kind: fc.constant('literal' as const), value: fc.oneof(text, fc.integer({ min: 0, max: 2 }), fc.boolean()) }),
    fc.record({
      kind: fc.constantFrom('optional' as const, 'nullable' as const, 'array' as const, 'record' as const, 'caught' as const),
      of: tie('plan'),
    }),
    fc.record({ kind: fc.constant('default' as const), of: tie('plan'), value: fc.jsonValue({ maxDepth: 1 }) }),
    fc.record({ kind: fc.constantFrom('object' as const, 'partial' as const), shape: tie('shape') }),
    fc.record({ kind: fc.constant('extended' as const), shape: tie('shape'), more: tie('shape') }),
    fc.record({ kind: fc.constant('union' as const), options: fc.array(tie('plan'), { minLength: 2, maxLength: 3 }) }),
  ),
  shape: fc.dictionary(keys, tie('plan'), { maxKeys: 4 }),
})).plan

/** Mostly what the plan asks for, with something else here and there. */
export function valuesFor(plan: Plan): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 5, arbitrary: fitting(plan) }, { weight: 1, arbitrary: anything })
}

function fitting(plan: Plan): fc.Arbitrary<unknown> {
  switch (plan.kind) {
    case 'string':
    case 'code':
    case 'filled':
      return text
    case 'number':
    case 'between':
      return fc.oneof(fc.double({ min: -1, max: 2, noNaN: true }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 0, 1))
    case 'boolean':
      return fc.boolean()
    case 'void':
      return fc.constant(undefined)
    case 'unknown':
      return anything
    case 'enum':
      return fc.constantFrom(...plan.values)
    case 'literal':
      return fc.constant(plan.value)
    case 'optional':
    case 'default':
    case 'caught':
      return fc.oneof(valuesFor(plan.of), fc.constant(undefined))
    case 'nullable':
      return fc.oneof(valuesFor(plan.of), fc.constant(null))
    case 'array':
      return fc.array(valuesFor(plan.of), { maxLength: 3 })
    case 'record':
      return fc.dictionary(keys, valuesFor(plan.of), { maxKeys: 3 })
    case 'object':
    case 'partial':
      return shaped(plan.shape)
    case 'extended':
      return shaped({ ...plan.shape, ...plan.more })
    case 'union':
      return fc.oneof(...plan.options.map(valuesFor))
  }
}

/** Any of the keys may be absent; a key nobody asked for may be there. */
function shaped(shape: Record<string, Plan>): fc.Arbitrary<unknown> {
  const parts = Object.fromEntries(Object.entries(shape).map(([key, plan]) => [key, valuesFor(plan)]))
  return fc.record({ ...parts, other: anything }, { requiredKeys: [] })
}
