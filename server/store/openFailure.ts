/** Why a store could not be opened. The message is a sentence for the operator that names the file and the way out. relay:STO1, STO3 */
export class StoreOpenFailure extends Error {
  readonly reason: 'in_use' | 'newer' | 'damaged' | 'unusable' | 'wrong_key'
  constructor(reason: StoreOpenFailure['reason'], message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StoreOpenFailure'
    this.reason = reason
  }
}
