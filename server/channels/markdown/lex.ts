import { Lexer, Marked, type Token } from 'marked'

/** What we add to the library's tokens. */
export type SpoilerToken = { type: 'spoiler'; raw: string; tokens: Token[] }

/**
 * Emphasis and links are looked for in time that grows with the square of a paragraph's length. Longer paragraphs stay as they are, so that
 * no text can hold up the relay.
 */
const LONGEST_FORMATTED_PARAGRAPH = 8_192
/** Quotes and lists nested deeper than a reader could follow. The lexer goes one call deeper for each. */
const TOO_DEEP = /^(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])){24}/m

/** Text up to the next character that could begin markup. The library's own rule also looks for addresses, in quadratic time. */
const PLAIN = /^(?:[`~]+|[\s\S])[^\\<![`*~_|]*/
/** `||hidden||`, not `a||b||c`. */
const SPOILER = /^\|\|(?=[^\s|])([^\n]{1,1000}?)(?<=[^\s|])\|\|(?![\w|])/

const markdown = new Marked({
  gfm: true,
  tokenizer: {
    url: () => undefined,
    inlineText(src) {
      const raw = PLAIN.exec(src)?.[0]
      return raw ? { type: 'text', raw, text: raw } : undefined
    },
  },
  extensions: [
    {
      name: 'spoiler',
      level: 'inline',
      tokenizer(src) {
        const [raw, inner] = SPOILER.exec(src) ?? []
        return raw && inner ? { type: 'spoiler', raw, tokens: this.lexer.inlineTokens(inner) } : undefined
      },
    },
  ],
})

/** The tokens of a Markdown text; undefined when it is built so that reading it as Markdown makes no sense. */
export function lex(text: string): Token[] | undefined {
  if (TOO_DEEP.test(text)) return undefined
  const lexer = new Lexer(markdown.defaults)
  lexer.blockTokens(text, lexer.tokens)
  for (const { src, tokens } of lexer.inlineQueue) {
    if (src.length > LONGEST_FORMATTED_PARAGRAPH) tokens.push({ type: 'text', raw: src, text: src })
    else lexer.inlineTokens(src, tokens)
  }
  return lexer.tokens
}
