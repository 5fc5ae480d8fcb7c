import { sendForms } from './forms.js'
import { keepLive, show } from './live.js'
import { localTimes } from './times.js'

const state = document.getElementById('live')
/** @param {'live' | 'lost'} now */
const tell = (now) => {
  if (state) state.dataset.state = now
}

localTimes(document)
sendForms((page) => {
  show(page)
  document.querySelector('input')?.select()
})
if (state) keepLive({ onState: tell })
