import { describe, expect, it } from 'vitest'
import { audioType } from '../../../lib/inbox/ui/audioType.ts'

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

describe('the type of a recording', () => {
  it.each([
    ['OggS\0', 'audio/ogg'],
    ['fLaC\0', 'audio/flac'],
    ['RIFF....WAVEfmt ', 'audio/wav'],
    ['\0\0\0\x20ftypM4A ', 'audio/mp4'],
    ['\x1a\x45\xdf\xa3', 'audio/webm'],
    ['ID3\x04', 'audio/mpeg'],
    ['\xff\xfb\x90', 'audio/mpeg'],
    ['\xff\xf1\x50', 'audio/aac'],
    ['RIFF....WEBPVP8 ', undefined],
    ['<svg onload=alert(1)>', undefined],
    ['\xff\xd8\xff', undefined],
    ['', undefined],
  ])('client:VCE2 of %j is %s', (text, type) => {
    expect(audioType(bytes(text))).toBe(type)
  })
})
