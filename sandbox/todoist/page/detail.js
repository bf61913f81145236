// The detail of one card: everything about the task and all that can be done with it.
import { ago, avatar, h, icon, linked, size, split } from './dom.js'
import { act, move, person, sections, state } from './model.js'

const dialog = document.getElementById('detail')
let editing = null // id of the comment that is being changed

export function openDetail(id) {
  const t = find(id)
  if (!t) return
  state.open = id
  editing = null
  history.replaceState(null, '', '#' + id)
  dialog.replaceChildren(...skeleton(id))
  refreshDetail()
  if (!dialog.open) dialog.showModal()
  dialog.scrollTop = 0
}

export function closeDetail() { if (dialog.open) dialog.close() }

dialog.addEventListener('close', () => {
  const card = document.querySelector(`.card[data-task="${state.open}"]`)
  state.open = null
  history.replaceState(null, '', location.pathname)
  card?.focus()
})
dialog.addEventListener('click', e => { if (e.target === dialog) closeDetail() })

const find = id => state.data.tasks.find(t => t.id === id)
const part = name => dialog.querySelector(`[data-part="${name}"]`)

// skeleton is what stays while the task changes, above all the half-written comment.
function skeleton(id) {
  const file = h('input', { type: 'file', name: 'file', id: 'comment-file', hidden: true, onchange: () => showFile() })
  const picked = h('span', { class: 'picked', hidden: true })
  const showFile = () => {
    picked.hidden = !file.files.length
    picked.replaceChildren(...file.files.length ? [icon('file'), h('span', {}, file.files[0].name), h('button', {
      type: 'button', class: 'tool', 'aria-label': 'Take the file off', onclick: () => { file.value = ''; showFile() },
    }, icon('close'))] : [])
  }
  const form = h('form', {
    class: 'composer', 'data-action': 'comment',
    onsubmit: async e => {
      e.preventDefault()
      const data = new FormData(form)
      if (!data.get('content').trim() && !file.files.length) return
      if (!file.files.length) data.delete('file')
      form.classList.add('busy')
      const sent = await act('POST', `/tasks/${id}/comments`, data)
      form.classList.remove('busy')
      if (!sent) return
      form.reset()
      showFile()
      form.elements.content.style.height = ''
      dialog.querySelector('.scroll').scrollTo({ top: 1e9, behavior: 'smooth' })
    },
  },
  picked,
  h('div', { class: 'line' },
    h('label', { class: 'tool attach', for: 'comment-file', title: 'Attach a file', 'data-action': 'attach' }, icon('file')), file,
    h('textarea', {
      name: 'content', rows: 1, placeholder: `Comment as ${person(state.acting).name}`, 'aria-label': 'Comment',
      oninput: e => { e.target.style.height = 'auto'; e.target.style.height = `${Math.min(e.target.scrollHeight + 2, 160)}px` },
      onkeydown: e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) form.requestSubmit() },
    }),
    h('button', { class: 'send', 'aria-label': 'Send', title: 'Send (Ctrl+Enter)', 'data-action': 'send' }, icon('send'))))
  return [
    h('header', { class: 'head' }, h('div', { 'data-part': 'title' }),
      h('button', { class: 'tool', 'aria-label': 'Close', 'data-action': 'close', onclick: closeDetail }, icon('close'))),
    h('div', { class: 'scroll' }, h('div', { 'data-part': 'facts' }), h('div', { 'data-part': 'text' }), h('div', { 'data-part': 'comments' })),
    form,
  ]
}

export function refreshDetail() {
  if (!state.open) return
  const t = find(state.open)
  if (!t) return closeDetail()
  const { number, subject } = split(t.content)
  part('title').replaceChildren(
    h('p', { class: 'sub' }, number ? h('span', { class: 'number' }, number) : null,
      h('span', {}, `added ${when(t.added_at)} by ${nameOf(t.added_by_uid)}`)),
    h('h2', { id: 'detail-title', class: t.checked ? 'done' : '' }, subject))
  dialog.dataset.task = t.id
  if (!part('facts').contains(document.activeElement) || document.activeElement.tagName !== 'SELECT') {
    part('facts').replaceChildren(facts(t))
  }
  part('text').replaceChildren(...t.description ? [h('div', { class: 'description' }, linked(t.description))] : [])
  if (!editing) renderComments(t)
}

function facts(t) {
  const all = sections()
  return h('div', {},
    h('div', { class: 'facts' },
      h('label', {}, h('span', {}, 'Move to'), h('select', {
        'data-action': 'move', disabled: t.checked, onchange: e => { e.target.blur(); move(t.id, e.target.value) },
      }, !t.section_id || !all.length ? h('option', { value: '', selected: !t.section_id }, 'No section') : null,
      all.map(s => h('option', { value: s.id, selected: s.id === t.section_id }, s.name)))),
      h('label', {}, h('span', {}, 'Assignee'), h('select', {
        'data-action': 'assign', disabled: t.checked,
        onchange: e => { e.target.blur(); act('POST', `/tasks/${t.id}/assign`, { uid: e.target.value || null }) },
      }, h('option', { value: '', selected: !t.responsible_uid }, 'Nobody'),
      state.data.collaborators.map(p => h('option', { value: p.id, selected: p.id === t.responsible_uid }, p.name))))),
    t.labels.length ? h('div', { class: 'labels' }, t.labels.map(l => h('span', { class: 'label' }, l))) : null,
    h('div', { class: 'buttons' },
      t.checked
        ? h('button', { class: 'main', 'data-action': 'reopen', onclick: () => act('POST', `/tasks/${t.id}/reopen`) }, icon('undo'), 'Reopen')
        : h('button', { class: 'main', 'data-action': 'complete', onclick: () => act('POST', `/tasks/${t.id}/complete`) }, icon('check'), 'Complete'),
      h('button', { class: 'danger', 'data-action': 'delete', onclick: e => sure(e.currentTarget, () => act('POST', `/tasks/${t.id}/delete`)) }, icon('trash'), h('span', {}, 'Delete')),
      t.checked ? h('span', { class: 'sub' }, `completed ${when(t.completed_at)} by ${nameOf(t.completed_by_uid)}`) : null))
}

function renderComments(t) {
  const list = state.data.comments.filter(c => c.item_id === t.id)
  part('comments').replaceChildren(
    h('h3', {}, list.length === 1 ? '1 comment' : `${list.length || 'No'} comments`),
    h('div', { class: 'comments' }, list.map(c => comment(c, t))))
}

function comment(c, t) {
  return h('div', { class: 'comment', 'data-comment': c.id },
    avatar(person(c.posted_uid)),
    h('div', { class: 'body' },
      h('p', { class: 'by' }, h('b', {}, nameOf(c.posted_uid)), h('span', { title: new Date(c.posted_at).toLocaleString() }, ago(c.posted_at)),
        h('span', { class: 'tools' },
          h('button', { class: 'tool', 'aria-label': 'Edit', 'data-action': 'edit-comment', onclick: () => edit(c, t) }, icon('pen')),
          h('button', { class: 'tool', 'aria-label': 'Delete', 'data-action': 'delete-comment', onclick: e => sure(e.currentTarget, () => act('DELETE', `/comments/${c.id}`)) }, icon('trash'), h('span', {})))),
      c.content ? h('p', { class: 'words' }, linked(c.content)) : null,
      c.file_attachment ? attachment(c.file_attachment) : null))
}

function attachment(f) {
  const local = new URL(f.file_url, location.href)
  const href = local.pathname.startsWith('/todoist/files/') ? local.pathname : f.file_url
  if (f.resource_type === 'image') {
    return h('a', { class: 'picture', href, target: '_blank', rel: 'noopener' }, h('img', { src: href, alt: f.file_name, loading: 'lazy', width: f.image_width || null, height: f.image_height || null }))
  }
  if (f.resource_type === 'audio') return h('audio', { controls: true, src: href, title: f.file_name })
  return h('a', { class: 'file', href, download: f.file_name }, icon('file'), h('span', {}, f.file_name), h('small', {}, size(f.file_size)))
}

function edit(c, t) {
  editing = c.id
  const stop = () => { editing = null; renderComments(find(t.id) || t) }
  const box = h('textarea', { rows: 3, 'aria-label': 'Comment', onkeydown: e => { if (e.key === 'Escape') { e.stopPropagation(); e.preventDefault(); stop() } } })
  box.value = c.content
  dialog.querySelector(`[data-comment="${c.id}"] .words, [data-comment="${c.id}"] .by`).after(h('form', {
    class: 'edit', 'data-action': 'save-comment',
    onsubmit: async e => {
      e.preventDefault()
      if (await act('POST', `/comments/${c.id}`, { content: box.value })) stop()
    },
  }, box, h('div', { class: 'buttons' }, h('button', { class: 'main' }, 'Save'), h('button', { type: 'button', onclick: stop }, 'Cancel'))))
  dialog.querySelector(`[data-comment="${c.id}"] .words`)?.remove()
  box.focus()
}

// sure asks once more by changing the button's own words.
function sure(button, then) {
  if (button.dataset.sure) return then()
  const words = button.querySelector('span')
  const before = words.textContent
  button.dataset.sure = 'asked'
  words.textContent = 'Really delete?'
  setTimeout(() => { delete button.dataset.sure; words.textContent = before }, 3000)
}

const nameOf = uid => person(uid)?.name || 'somebody'
const when = stamp => ago(stamp) === 'now' ? 'just now' : /\d (min|h)$/.test(ago(stamp)) ? `${ago(stamp)} ago` : `on ${ago(stamp)}`
