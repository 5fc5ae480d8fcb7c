/** What the receiver says when it does not take something. The enhanced codes are those of RFC 3463 and RFC 7372. relay:EML8, EML9 */
const ANSWERS = {
  noSuchAddress: [550, '5.1.1 There is no such address here.'],
  switchedOff: [550, '5.2.1 This address takes no mail at the moment.'],
  unwanted: [550, '5.7.1 This address does not take mail from you.'],
  automatic: [550, '5.7.1 This address takes no automatic mail.'],
  unproven: [
    550,
    '5.7.26 Nothing proves that this mail is from its sender: neither SPF nor DKIM vouches for the domain of its From line.',
  ],
  flawed: [550, '5.6.0 This mail cannot be read:'],
  tooLarge: [552, '5.3.4 This mail is too large.'],
  notStored: [451, '4.3.0 This mail could not be stored. Try again later.'],
  busy: [451, '4.3.2 There is too much mail at the moment. Try again later.'],
  unsure: [451, '4.7.0 The name servers of the sender did not answer. Try again later.'],
  tooSlow: [421, '4.4.2 This takes too long. Bye.'],
  tooManyConnections: [421, '4.7.0 There are too many connections from your address.'],
  tooManyGuesses: [421, '4.7.0 There is no such address here, and you have tried too many.'],
  stopping: [421, '4.3.2 The relay is stopping. Try again later.'],
} as const

/** An answer other than success, as smtp-server wants it: an error with a code. */
export class Refusal extends Error {
  readonly responseCode: number
  constructor(answer: keyof typeof ANSWERS, detail?: string) {
    const [code, text] = ANSWERS[answer]
    super(detail === undefined ? text : `${text} ${detail}.`)
    this.name = 'Refusal'
    this.responseCode = code
  }
}
