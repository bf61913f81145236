// What the page knows of the board, and how it is changed.
import { call } from './dom.js'

// state is what the page shows. data is the whole board as the server gave it last.
export const state = { data: null, project: null, acting: null, open: null }

export const person = uid => state.data.collaborators.find(p => p.id === uid)
export const sections = () => state.data.sections
  .filter(s => s.project_id === state.project)
  .sort((a, b) => a.section_order - b.section_order)

let changed
export function whenChanged(show) { changed = show }

let pending
export function reload() {
  pending ??= new Promise(done => setTimeout(async () => {
    pending = null
    const data = await call('GET', '')
    if (data) {
      state.data = data
      changed()
    }
    done()
  }, 60))
  return pending
}

// act does something as the chosen person, then shows the result.
export async function act(method, path, body = {}) {
  if (body instanceof FormData) body.set('as', state.acting)
  else body.as = state.acting
  const answer = await call(method, path, body)
  await reload()
  return answer
}

export const move = (id, section) => act('POST', `/tasks/${id}/move`, { section_id: section || null })
