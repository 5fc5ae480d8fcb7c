import { createHash } from 'node:crypto'
import { RelayError } from '#protocol/errors.ts'
import type { Answer, Handler } from '../http/route.ts'
import { readAssetFiles } from './assetFiles.ts'

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

type Asset = { bytes: Buffer; contentType: string; etag: string }

/** Style sheets, scripts and the icon of the relay's pages, at `<somewhere>/assets/:file`. They are the same for everybody and hold no data. */
export function createAssets(files = readAssetFiles()): Handler {
  const assets = new Map(Object.entries(files).map(([name, text]) => [name, toAsset(name, text)]))
  return function serveAsset({ params, headers }): Answer {
    const asset = assets.get(params.file ?? '')
    if (!asset) throw new RelayError('not_found', 'There is no such file.')
    const known = { 'Cache-Control': 'no-cache', ETag: asset.etag, 'X-Content-Type-Options': 'nosniff', ...SAME_SITE }
    if (headers['if-none-match'] === asset.etag) return { status: 304, headers: known, empty: true }
    return { bytes: asset.bytes, contentType: asset.contentType, headers: known }
  }
}

/** No other site may load them, and an SVG opened by itself runs nothing. */
const SAME_SITE = { 'Cross-Origin-Resource-Policy': 'same-origin', 'Content-Security-Policy': "default-src 'none'" }

function toAsset(name: string, text: string): Asset {
  const bytes = Buffer.from(text)
  const contentType = TYPES[name.slice(name.lastIndexOf('.') + 1)]
  if (contentType === undefined) throw new Error(`${name} has no media type; add it to server/pages/assets.ts.`)
  return { bytes, contentType, etag: etagOf(bytes) }
}

/** The same bytes have the same one. */
export function etagOf(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`
}
