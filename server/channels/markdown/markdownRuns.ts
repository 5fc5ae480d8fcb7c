import type { MarkedToken, Token, Tokens } from 'marked'
import type { Dialect } from './dialect.ts'
import { lex, type SpoilerToken } from './lex.ts'
import type { Run, Tag } from './runs.ts'

/** Where the walk is: the tags around it and how deep in lists. */
type Place = { tags: readonly Tag[]; depth: number }
type AnyToken = MarkedToken | SpoilerToken

/**
 * Markdown as runs in a platform's dialect. What a platform has no markup for, and HTML, stays readable as it was written. A text that
 * renders to nothing is taken literally. relay:TG9, SAN4
 */
export function markdownRuns(text: string, dialect: Dialect): Run[] {
  const tokens = lex(text)
  const runs = tokens ? createWalk(dialect).blocks(tokens, { tags: [], depth: 0 }) : []
  return runs.some((run) => run.text.trim()) ? runs : [{ text, tags: [] }]
}

function createWalk(dialect: Dialect) {
  function blocks(tokens: readonly Token[], place: Place, between = '\n\n'): Run[] {
    const shown = (tokens as AnyToken[]).filter(({ type }) => type !== 'space')
    return shown.flatMap((token, at) => {
      const joined = at === 0 || shown[at - 1]?.type === 'checkbox'
      return joined ? block(token, place) : [...write(between, place), ...block(token, place)]
    })
  }

  function block(token: AnyToken, place: Place): Run[] {
    switch (token.type) {
      case 'heading':
        return spans(token.tokens, within(place, dialect.bold))
      case 'paragraph':
        return spans(token.tokens, place)
      case 'text':
        return token.tokens ? spans(token.tokens, place) : write(token.text, place)
      case 'blockquote':
        return blocks(token.tokens, within(place, dialect.quote))
      case 'list':
        return list(token, place)
      case 'checkbox':
        return write(tick(token), place)
      case 'code':
        return write(token.text, literally(place, dialect.pre(language(token))))
      case 'table':
        return write(token.raw.trimEnd(), literally(place, dialect.pre(undefined)))
      case 'hr':
        return write('———', place)
      default:
        return write(token.raw.trimEnd(), place)
    }
  }

  function list({ items, ordered, start, loose }: Tokens.List, place: Place): Run[] {
    const indent = '  '.repeat(place.depth)
    const inside = { ...place, depth: place.depth + 1 }
    return items.flatMap((item, at) => {
      const separator = at === 0 ? '' : loose ? '\n\n' : '\n'
      const mark = ordered ? `${Number(start) + at}.` : '•'
      return [...write(`${separator}${indent}${mark} `, place), ...blocks(item.tokens, inside, '\n')]
    })
  }

  function spans(tokens: readonly Token[], place: Place): Run[] {
    return (tokens as AnyToken[]).flatMap((token) => span(token, place))
  }

  function span(token: AnyToken, place: Place): Run[] {
    switch (token.type) {
      case 'strong':
        return spans(token.tokens, within(place, dialect.bold))
      case 'em':
        return spans(token.tokens, within(place, dialect.italic))
      case 'del':
        return spans(token.tokens, within(place, dialect.strike))
      case 'spoiler':
        return spans(token.tokens, within(place, dialect.spoiler))
      case 'codespan':
        return write(token.text, literally(place, dialect.code))
      case 'link':
      case 'image':
        return link(token, place)
      case 'checkbox':
        return write(tick(token), place)
      case 'text':
      case 'escape':
        return write(token.text, place)
      default:
        return write(token.raw, place)
    }
  }

  function link({ text, href, tokens }: Tokens.Link | Tokens.Image, place: Place): Run[] {
    if (!text || text === href || href === `mailto:${text}`) return write(text || href, place)
    const tag = inLink(place) ? undefined : dialect.link(href)
    return tag ? spans(tokens, within(place, tag)) : [...spans(tokens, place), ...write(` (${href})`, place)]
  }

  return { blocks }
}

function write(text: string, { tags }: Place): Run[] {
  return text ? [{ text, tags }] : []
}

/** The same kind of tag is not opened twice: no platform shows it, and some refuse it. */
function within(place: Place, tag: Tag): Place {
  return place.tags.some(({ kind }) => kind === tag.kind) ? place : { ...place, tags: [...place.tags, tag] }
}

/** Code holds no other markup and stands in none but a quote; a link stays a link. */
function literally(place: Place, tag: Tag): Place {
  return inLink(place) ? place : { ...place, tags: [...place.tags.filter(({ kind }) => kind === 'quote'), tag] }
}

function inLink(place: Place): boolean {
  return place.tags.some(({ kind }) => kind === 'link')
}

function tick({ checked }: Tokens.Checkbox): string {
  return checked ? '☑ ' : '☐ '
}

function language({ lang }: Tokens.Code): string | undefined {
  return /^[\w+#.-]{1,32}/.exec(lang ?? '')?.[0]
}
