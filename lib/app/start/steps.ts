export const stepNames = ['connect', 'add', 'answer'] as const
export type StepName = (typeof stepNames)[number]
/** `now` is the first that is not done: there is one until all are. */
export type StepState = 'done' | 'now' | 'later'

/** What the steps are told by: nothing is kept for them, so they are true after a reload, and when something broke later. */
export type StartFacts = {
  connected: boolean
  /** A channel that waits for nothing: paired, confirmed. */
  ready: boolean
  /** A reply of this profile's owner, or a message where nothing can be answered. */
  answered: boolean
}

/** client:ONB3 */
export function stepStates({ connected, ready, answered }: StartFacts): Record<StepName, StepState> {
  const done = { connect: connected, add: ready, answer: answered }
  const now = stepNames.find((name) => !done[name])
  const stateOf = (name: StepName): StepState => (done[name] ? 'done' : name === now ? 'now' : 'later')
  return { connect: stateOf('connect'), add: stateOf('add'), answer: stateOf('answer') }
}
