/** GET /ws: no line of the route table, because a handshake is no request. relay:WS1-WS16 */
export function socketPath() {
  const frame = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  return {
    get: {
      tags: ['Messages'],
      operationId: 'openSocket',
      summary: 'The WebSocket: messages as they come, acknowledgements and replies',
      description: [
        'Rules relay:WS1-WS16. Offer the subprotocols `chaos.v2` and `ticket.<value>` (of POST /ws/ticket). The first frame is `hello`; answer with',
        '`resume` and your cursor within 10 s. Then come the messages above it, `resumed`, and live ones. Acknowledge with `ack` what is stored.',
        'Without `chaos.v2` and with `?token=<apiKey>` it is the older protocol, which only pushes (relay:WS6).',
      ].join(' '),
      security: [{ ticket: [] }, { socketToken: [] }],
      responses: {
        '101': {
          description: 'Open. Every frame is JSON text.',
          'x-receives': frame('ServerFrame'),
          'x-sends': frame('ClientFrame'),
        },
        '401': {
          description: 'missing_token, invalid_token, ticket_invalid',
          content: { 'application/json': { schema: frame('Error') } },
        },
      },
    },
  }
}
