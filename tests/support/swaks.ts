import { spawn } from 'node:child_process'

export type SwaksRun = { code: number; transcript: string }

/** Hands a mail over by swaks, somebody else's SMTP client. The code is its own: 0 when the mail was taken. */
export function swaks(
  port: number,
  { from = 'ada@example.com', to, args = [] }: { from?: string; to: string; args?: string[] },
): Promise<SwaksRun> {
  const child = spawn('swaks', ['--server', `127.0.0.1:${port}`, '--from', from, '--to', to, '--ehlo', 'client.example', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let transcript = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (transcript += chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? -1, transcript }))
  })
}
