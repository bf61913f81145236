// The board: columns of cards, kept live by the server's events.
import { ago, avatar, h, icon, split } from './dom.js'
import { closeDetail, openDetail, refreshDetail } from './detail.js'
import { dragging, draggable } from './drag.js'
import { act, move, person, reload, sections, state, whenChanged } from './model.js'

const $ = id => document.getElementById(id)
const tasks = () => state.data.tasks.filter(t => t.project_id === state.project)

whenChanged(render)

function render() {
  if (dragging()) return setTimeout(render, 100)
  const { data } = state
  if (!data.projects.some(p => p.id === state.project)) state.project = data.project_id
  const project = data.projects.find(p => p.id === state.project)
  $('project-name').textContent = project.name
  document.title = `${project.name} · Board`
  renderProjects(project)
  renderActing()
  const done = tasks().filter(t => t.checked)
  $('done-count').textContent = done.length || ''
  const columns = [...sections()]
  const loose = tasks().some(t => !t.section_id && (!t.checked || $('show-done').checked))
  if (loose || !columns.length) columns.unshift({ id: '', name: columns.length ? 'No section' : 'Tasks' })
  keepFocus(() => {
    const scrolled = {}
    for (const c of document.querySelectorAll('.column')) scrolled[c.dataset.section] = c.querySelector('.cards').scrollTop
    $('board').replaceChildren(...columns.map(column))
    for (const c of document.querySelectorAll('.column')) c.querySelector('.cards').scrollTop = scrolled[c.dataset.section] || 0
  })
  $('tabs').replaceChildren(...columns.map(c => h('button', {
    type: 'button', 'data-tab': c.id,
    onclick: () => document.querySelector(`.column[data-section="${c.id}"]`).scrollIntoView({ behavior: 'smooth', inline: 'center', block: 'nearest' }),
  }, c.name, h('b', {}, String(inColumn(c).length)))))
  markTab()
  refreshDetail()
}

function renderProjects(project) {
  const used = state.data.projects.filter(p => p === project || !p.inbox_project || state.data.tasks.some(t => t.project_id === p.id))
  $('project').hidden = used.length < 2
  $('project-name').hidden = used.length > 1
  $('project').replaceChildren(...used.map(p => h('option', { value: p.id, selected: p === project }, p.name)))
}

function renderActing() {
  const people = state.data.collaborators
  if (!people.some(p => p.id === state.acting)) {
    const kept = localStorage.getItem('board.acting')
    state.acting = people.some(p => p.id === kept) ? kept : (people[1] || people[0]).id
  }
  $('acting').replaceChildren(...[...people.slice(1), people[0]].map(p => h('option', {
    value: p.id, selected: p.id === state.acting,
  }, p.id === state.data.account_uid ? `${p.name} (the API's account)` : p.name)))
  $('acting-avatar').replaceChildren(avatar(person(state.acting)))
}

const inColumn = section => tasks()
  .filter(t => (t.section_id || '') === section.id && !t.checked)
  .sort((a, b) => a.child_order - b.child_order)

function column(section) {
  const open = inColumn(section)
  const done = $('show-done').checked
    ? tasks().filter(t => (t.section_id || '') === section.id && t.checked).sort((a, b) => a.completed_at < b.completed_at ? 1 : -1)
    : []
  return h('section', { class: 'column', 'data-section': section.id, 'aria-label': section.name },
    h('h2', {}, section.name, h('span', { class: 'count' }, String(open.length))),
    h('div', { class: 'cards' },
      open.map(card),
      done.length ? h('p', { class: 'divider' }, `Completed · ${done.length}`) : null,
      done.map(card),
      !open.length && !done.length ? h('p', { class: 'empty' }, emptyText(section)) : null),
    adder(section))
}

const emptyText = section => tasks().length || section.id ? 'Nothing here' : 'Nothing here yet. A ticket filed in the chat appears on this board.'

function card(t) {
  const { number, subject } = split(t.content)
  const el = h('article', {
    class: 'card' + (t.checked ? ' done' : ''), 'data-task': t.id, 'data-priority': t.priority, tabindex: 0, role: 'button',
    'aria-label': `${number} ${subject}`.trim(),
    onclick: () => openDetail(t.id),
    onkeydown: e => cardKey(e, t),
  },
  h('div', { class: 'meta' },
    number ? h('span', { class: 'number' }, number) : null,
    t.priority > 1 ? h('span', { class: `priority p${t.priority}`, title: `Priority ${5 - t.priority}` }, icon('flag')) : null,
    h('span', { class: 'age', title: new Date(t.added_at).toLocaleString() }, ago(t.checked ? t.completed_at : t.added_at))),
  h('h3', {}, subject),
  foot(t))
  if (!t.checked) draggable(el, section => move(t.id, section), t.section_id || '')
  return el
}

// foot is the last line of a card, when there is anything to say in it.
function foot(t) {
  const files = state.data.comments.some(c => c.item_id === t.id && c.file_attachment)
  const marks = [
    ...t.labels.map(l => h('span', { class: 'label' }, l)),
    t.checked && h('span', { class: 'mark done-mark' }, icon('check'), 'Completed'),
    t.note_count > 0 && h('span', { class: 'mark', title: 'Comments' }, icon('comment'), String(t.note_count)),
    files && h('span', { class: 'mark', title: 'Has files' }, icon('file')),
    t.due && h('span', { class: 'mark', title: 'Due' }, t.due.date.slice(0, 10)),
  ].filter(Boolean)
  if (!marks.length && !t.responsible_uid) return null
  return h('div', { class: 'foot' }, marks, t.responsible_uid ? avatar(person(t.responsible_uid)) : null)
}

// cardKey: Enter opens; Alt with an arrow moves the card to the column beside.
function cardKey(e, t) {
  if (e.key === 'Enter' || e.key === ' ') {
    e.preventDefault()
    openDetail(t.id)
  }
  const step = { ArrowLeft: -1, ArrowRight: 1 }[e.key]
  if (!step || !e.altKey || t.checked) return
  e.preventDefault()
  const all = [...document.querySelectorAll('.column')].map(c => c.dataset.section)
  const to = all[all.indexOf(t.section_id || '') + step]
  if (to !== undefined) move(t.id, to)
}

function adder(section) {
  return h('form', {
    class: 'adder', 'data-action': 'add-task',
    onsubmit: async e => {
      e.preventDefault()
      const input = e.target.elements.content
      const content = input.value.trim()
      if (!content) return
      input.value = ''
      await act('POST', '/tasks', { content, project_id: state.project, section_id: section.id || null })
    },
  }, icon('plus'), h('input', { name: 'content', placeholder: 'Add a task', 'aria-label': `Add a task to ${section.name}`, maxlength: 500, autocomplete: 'off', 'data-keep': `add-${section.id}` }))
}

// keepFocus redraws without taking away what somebody is typing or has selected.
function keepFocus(redraw) {
  const at = document.activeElement
  const task = at?.closest?.('.card')?.dataset.task
  const typed = {}
  for (const el of document.querySelectorAll('[data-keep]')) typed[el.dataset.keep] = el.value
  const keep = at?.dataset?.keep
  redraw()
  for (const el of document.querySelectorAll('[data-keep]')) el.value = typed[el.dataset.keep] || ''
  if (keep) document.querySelector(`[data-keep="${keep}"]`)?.focus()
  else if (task && !$('detail').open) document.querySelector(`.card[data-task="${task}"]`)?.focus()
}

// markTab shows on a phone which column is in view.
function markTab() {
  const board = $('board')
  const middle = board.scrollLeft + board.clientWidth / 2
  const now = [...document.querySelectorAll('.column')].find(c => c.offsetLeft + c.offsetWidth > middle - board.offsetLeft)
  for (const tab of $('tabs').children) {
    const current = tab.dataset.tab === now?.dataset.section
    if (current && !tab.hasAttribute('aria-current')) tab.parentElement.scrollTo({ left: tab.offsetLeft - 60, behavior: 'smooth' })
    tab.toggleAttribute('aria-current', current)
  }
}

function listen() {
  const live = (on, text) => {
    $('live').classList.toggle('on', on)
    $('live').title = $('live').firstElementChild.textContent = text
  }
  const events = new EventSource('/demo/board/events')
  events.onopen = () => { live(true, 'Live'); reload() }
  events.onmessage = reload
  events.onerror = () => live(false, 'Connecting again…')
}

$('board').addEventListener('scroll', markTab, { passive: true })
$('acting').addEventListener('change', e => {
  state.acting = e.target.value
  localStorage.setItem('board.acting', state.acting)
  render()
})
$('project').addEventListener('change', e => { state.project = e.target.value; closeDetail(); render() })
$('show-done').checked = localStorage.getItem('board.done') === 'yes'
$('show-done').addEventListener('change', e => {
  localStorage.setItem('board.done', e.target.checked ? 'yes' : 'no')
  render()
})
setInterval(() => state.data && !document.hidden && render(), 60_000) // ages grow

await reload()
listen()
if (location.hash.length > 1) openDetail(location.hash.slice(1))
