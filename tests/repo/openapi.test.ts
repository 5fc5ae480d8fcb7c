import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { documentText } from '../../scripts/openapi/documentText.ts'
import { operations } from '../../scripts/openapi/operations/index.ts'
import { matchTable, routeTable } from '../../scripts/openapi/routeTable.ts'

const text = readFileSync('docs/openapi.yaml', 'utf8')
const document = parse(text)
const described = Object.keys(operations)

/** Every value of `$ref` in a document. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inside]) =>
    name === '$ref' && typeof inside === 'string' ? [inside] : references(inside),
  )
}

const target = (reference: string) =>
  reference
    .slice(2)
    .split('/')
    // biome-ignore lint/suspicious/noExplicitAny: a walk through any document
    .reduce((at: any, name) => at?.[name], document)

describe('docs/openapi.yaml', () => {
  it('relay:API1 describes every route the relay serves, and no other', async () => {
    const table = await routeTable()
    expect(table.length).toBeGreaterThan(20)
    matchTable(table, described)
  })

  it('relay:API1 a route without a description is named, with what to do', async () => {
    const table = await routeTable()
    expect(() => matchTable([...table, 'POST /new'], described)).toThrow(
      /^POST \/new is not described\. Add it .*\nThen run "npm run fix"/,
    )
    expect(() => matchTable(table.slice(1), described)).toThrow(/^GET \/health is described .* no such route/)
  })

  it('relay:API1 is current: "npm run fix" would write the same', () => {
    expect(text === documentText() || 'stale: run "npm run fix" and commit docs/openapi.yaml').toBe(true)
  })

  it('relay:API1 is a valid OpenAPI 3.1 document by the schema of its authors', async () => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(structuredClone(document))
    expect(errors).toBeUndefined()
    expect([valid, validator.version]).toEqual([true, '3.1'])
    const broken = await new Validator().validate({ ...structuredClone(document), paths: { '/x': { get: { responses: 1 } } } })
    expect(broken.valid).toBe(false)
  })

  it('relay:API1 refers to nothing that is missing, keeps nothing unused, and names each operation once', () => {
    const used = new Set(references(document))
    expect([...used].filter((reference) => target(reference) === undefined)).toEqual([])
    for (const kind of ['schemas', 'responses'])
      expect(Object.keys(document.components[kind]).filter((name) => !used.has(`#/components/${kind}/${name}`))).toEqual([])
    const names = Object.values(document.paths).flatMap((path) =>
      Object.values(path as Record<string, { operationId: string }>).map(({ operationId }) => operationId),
    )
    expect(names.length).toBe(described.length + 1)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })
})
