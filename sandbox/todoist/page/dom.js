// Small pieces that both the board and the card's detail are made of.

// h makes an element. Attributes that are functions become listeners; false, null and undefined are left out.
export function h(tag, attrs = {}, ...children) {
  const el = document.createElement(tag)
  for (const [name, v] of Object.entries(attrs)) {
    if (v === false || v === null || v === undefined) continue
    if (typeof v === 'function') el.addEventListener(name.slice(2), v)
    else if (name === 'value' || name === 'selected' || name === 'disabled') el[name] = v
    else el.setAttribute(name, v === true ? '' : v)
  }
  el.append(...children.flat().filter(c => c !== null && c !== undefined && c !== false))
  return el
}

const icons = {
  comment: 'M4 5.5h16v11H10l-4.5 3.5v-3.5H4z',
  file: 'M8 12.5l6-6a3 3 0 0 1 4.3 4.3l-8 8a5 5 0 0 1-7-7l7.5-7.5',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7',
  pen: 'M5 19l1-4L16.5 4.5l3 3L9 18z',
  undo: 'M9 6L4.5 10.5 9 15M5 10.5h9a5 5 0 0 1 0 10h-3',
  send: 'M12 19V6M6 11.5L12 5.5l6 6',
  flag: 'M6 21V4h11l-2 4 2 4H6',
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('class', 'icon')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', icons[name])
  svg.append(path)
  return svg
}

export function avatar(person) {
  const letters = person ? person.name.split(/\s+/).map(w => [...w][0]).slice(0, 2).join('').toUpperCase() : '?'
  return h('span', { class: 'avatar', 'data-hue': person?.hue, title: person?.name || 'Somebody' }, letters)
}

// split takes the number off a task's content: "#12 Printer" is number "#12" and subject "Printer".
export function split(content) {
  const m = /^(#\d+)[\s:.–—-]*(.*)$/s.exec(content)
  return m && m[2] ? { number: m[1], subject: m[2] } : { number: '', subject: content }
}

export function ago(stamp) {
  const s = (Date.now() - new Date(stamp)) / 1000
  if (s < 60) return 'now'
  if (s < 3600) return `${Math.floor(s / 60)} min`
  if (s < 86400) return `${Math.floor(s / 3600)} h`
  return new Date(stamp).toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1 << 20) return `${Math.round(bytes / 1024)} KB`
  return `${(bytes / (1 << 20)).toFixed(1)} MB`
}

// linked makes text with its http addresses clickable.
export function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, i) =>
    i % 2 ? h('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, part) : part)
}

let hideToast
export function toast(text) {
  const el = document.getElementById('toast')
  el.textContent = text
  el.hidden = false
  clearTimeout(hideToast)
  hideToast = setTimeout(() => { el.hidden = true }, 4000)
}

// call does something on the server; when it refuses, the reason is shown and null comes back.
export async function call(method, path, body) {
  const form = body instanceof FormData
  try {
    const res = await fetch('/demo/board' + path, {
      method,
      body: body && (form ? body : JSON.stringify(body)),
      headers: body && !form ? { 'Content-Type': 'application/json' } : {},
    })
    const answer = await res.json()
    if (res.ok) return answer
    toast(answer.error_extra?.explanation || answer.error)
  } catch {
    toast('The sandbox does not answer')
  }
  return null
}
