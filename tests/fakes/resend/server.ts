import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { createFaults, Operation } from './faults.ts'
import { type Account, Refusal } from './model.ts'
import { fileOf, found, listFiles, listMail, showFile, showMail } from './receiving.ts'

const FILE = /^\/emails\/receiving\/([^/]+)\/attachments\/([^/]+)$/
const FILES = /^\/emails\/receiving\/([^/]+)\/attachments$/
const MAIL = /^\/emails\/receiving\/([^/]+)$/
const DOWNLOAD = /^\/download\/([^/]+)\/([^/]+)$/

type Api = {
  account: Account
  faults: ReturnType<typeof createFaults>
  send(body: string, idempotencyKey: string | undefined): object
  called(operation: Operation, path: string): void
}

/** Resend's API over HTTP on a free port of 127.0.0.1. */
export async function serveResendApi(api: Api) {
  let base = ''
  const http = createServer((request, response) => {
    answer(api, base, request, response).catch((error: unknown) => {
      if (error instanceof Refusal)
        send(response, error.status, { statusCode: error.status, name: error.code, message: error.message }, error.headers)
      else send(response, 500, { statusCode: 500, name: 'application_error', message: String(error) })
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return {
    apiRoot: base,
    close(): Promise<void> {
      http.closeAllConnections()
      return new Promise((resolve) => http.close(() => resolve()))
    },
  }
}

async function answer(api: Api, base: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', base)
  const body = await text(request)
  const operation = operationOf(request.method ?? '', pathname)
  if (!operation) throw new Refusal(404, 'not_found', 'The requested endpoint does not exist.')
  api.called(operation, pathname)
  const fault = api.faults.take(operation)
  if (fault?.kind === 'hangUp') return void response.destroy()
  if (fault?.kind === 'garbage') return void response.writeHead(200, { 'content-type': 'text/html' }).end(fault.body)
  if (fault?.kind === 'refuse')
    throw new Refusal(fault.status, fault.code, fault.message ?? fault.code, waitHeader(fault.retryAfter))
  if (operation === 'download') return download(api.account, pathname, response)
  authorise(api.account, operation, request)
  const result =
    operation === 'send'
      ? api.send(body, header(request, 'idempotency-key'))
      : read(api.account, operation, pathname, searchParams, base)
  if (fault?.kind === 'dropAfterAccept') return void response.destroy()
  send(response, 200, result)
}

function read(account: Account, operation: Operation, pathname: string, query: URLSearchParams, base: string): object {
  const [, id = '', fileId = ''] = (FILE.exec(pathname) ?? FILES.exec(pathname) ?? MAIL.exec(pathname) ?? []).map(
    decodeURIComponent,
  )
  if (operation === 'mail') return showMail(account, id, query.get('html_format'))
  if (operation === 'files') return listFiles(account, id, base)
  if (operation === 'file') return showFile(account, id, fileId, base)
  return listMail(account, query)
}

function authorise({ apiKey, access }: Account, operation: Operation, request: IncomingMessage): void {
  if (!header(request, 'user-agent')) throw new Refusal(403, 'forbidden', 'A User-Agent header is required.')
  const given = header(request, 'authorization')
  if (given === undefined) throw new Refusal(401, 'missing_api_key', 'Missing API key in the authorization header.')
  if (access === 'revoked' || given !== `Bearer ${apiKey}`) throw new Refusal(403, 'invalid_api_key', 'API key is invalid.')
  if (access === 'sending' && operation !== 'send')
    throw new Refusal(401, 'restricted_api_key', 'This API key is restricted to only send emails.')
}

function operationOf(method: string, pathname: string): Operation | undefined {
  if (method === 'POST') return pathname === '/emails' ? 'send' : undefined
  if (pathname === '/emails/receiving') return 'list'
  if (MAIL.test(pathname)) return 'mail'
  if (FILES.test(pathname)) return 'files'
  if (FILE.test(pathname)) return 'file'
  return DOWNLOAD.test(pathname) ? 'download' : undefined
}

function download(account: Account, pathname: string, response: ServerResponse): void {
  const [, id = '', fileId = ''] = DOWNLOAD.exec(pathname) ?? []
  const { bytes, content_type } = fileOf(found(account, id), fileId)
  response.writeHead(200, { 'content-type': content_type, 'content-length': bytes.byteLength })
  response.end(bytes)
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

function waitHeader(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) }
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}
