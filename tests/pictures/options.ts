import { answers, channelsOfAllKinds, home, pairStep } from '../support/browser/optionsData.ts'
import type { Picture } from './picture.ts'

const full = { rows: [home, channelsOfAllKinds, pairStep], answers, width: 1280, height: 900 }

export const optionsPictures: Picture[] = [
  { name: 'options-channels', stage: full, options: '#/channels' },
  { name: 'options-channels-dark', stage: { ...full, dark: true }, options: '#/channels' },
  { name: 'options-connection', stage: full, options: '#/connection' },
  { name: 'options-channels-narrow', stage: { ...full, width: 400 }, options: '#/channels' },
]
