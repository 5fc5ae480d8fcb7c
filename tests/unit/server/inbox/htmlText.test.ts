import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEntities } from '../../../../server/inbox/entities.ts'
import { htmlToText } from '../../../../server/inbox/htmlText.ts'
import { growth, SQUARE } from '../../../support/growth.ts'

describe('HTML as text', () => {
  it.each([
    ['<p>Hi <b>you</b>,</p><p>two</p>', 'Hi you,\n\ntwo'],
    ['a<br>b<br/>c', 'a\nb\nc'],
    ['<div>a</div><div>b</div>', 'a\nb'],
    ['<ul><li>one<li>two</ul>end', '- one\n- two\n\nend'],
    ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['<pre>  x\n   y</pre>', 'x\n   y'],
    ['see <a href="https://a.b/?x=1&amp;y=2">this</a>.', 'see this (https://a.b/?x=1&y=2).'],
    ['<a href="https://a.b">https://a.b</a>', 'https://a.b'],
    ['<a href=mailto:a@b.c>a@b.c</a>', 'a@b.c'],
    ['<a href="https://a.b"><img src=x></a>', 'https://a.b'],
    ['<a href="javascript:alert(1)">js</a><a name=x>here</a>', 'jshere'],
    ['<a title="a>b" href=\'https://q.r\'>t</a>', 't (https://q.r)'],
    ['<head><title>t</title><style>p{}</style></head><body>b</body>', 'b'],
    ['a<script>if (a<b) alert("</p>")</script>b<STYLE>x</STYLE >c', 'abc'],
    ['a<!-- <p>no</p> -->b<!doctype html>c<?php x ?>d', 'abcd'],
    ['a<script>never closed', 'a'],
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['1 < 2 && 3 > 2', '1 < 2 && 3 > 2'],
    ['a&nbsp;&nbsp;b  \n  c', 'a  b c'],
    ['', ''],
  ])('relay:SAN3 %s', (html, text) => {
    expect(htmlToText(html)).toBe(text)
  })

  it('relay:SAN3 entities are decoded by name and number, what is none stays', () => {
    expect(decodeEntities('&eacute;&euro;&hellip;&mdash;&rdquo;&Omega;&hearts;')).toBe('é€…—”Ω♥')
    expect(decodeEntities('&#8364;&#x20AC;&#128;&#x1F600;')).toBe('€€€😀')
    expect(decodeEntities('&#0;&#xD800;&#9999999;')).toBe('���')
    expect(decodeEntities('AT&T &nope; &amp &;')).toBe('AT&T &nope; &amp &;')
  })

  it('relay:SAN1, SAN3 what entities hide is cleaned too', () => {
    expect(htmlToText('a&#8238;b&#7;c&#13;&#10;d')).toBe('a\ufffdbc d')
  })

  it('relay:SAN3 the time for hostile input grows with its length, not with its square', () => {
    const hostile = [
      '<',
      '<a ',
      '<!--',
      '<script>',
      '<a href="',
      '&',
      ' ',
      '<p>',
      '\n \n',
      '<a href=https://x>',
      '<style><',
      '<li>',
      '</a>',
      '<pre> \t',
    ]
    for (const piece of hostile)
      expect(
        growth((length) => htmlToText(piece.repeat(Math.ceil(length / piece.length))), 75_000),
        piece,
      ).toBeLessThan(SQUARE)
    expect(growth((length) => htmlToText(`<pre>${' \t'.repeat(length)}x`), 50_000)).toBeLessThan(SQUARE)
  })

  it('relay:SAN3 never throws, and never leaves a script’s content', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '</',
      'p',
      'script',
      'a href=',
      '"',
      "'",
      '&',
      'lt;',
      '#',
      'x41;',
      '<!--',
      '-->',
      ' ',
      '\n',
      'text',
      '<td>',
      '</pre>',
      '<pre>',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        htmlToText(parts.join(''))
        expect(htmlToText(`${parts.join('').replace(/[<"']/g, '')}<script>SECRET</script>`)).not.toContain('SECRET')
      }),
      { numRuns: 500 },
    )
  })
})
