// Dragging a card to another column with the mouse or a pen. Fingers scroll; they move a card in its detail.

let now = null

export const dragging = () => now !== null

// draggable lets a card be dragged; drop is called with the section it lands in, unless that is where it came from.
export function draggable(card, drop, from) {
  card.addEventListener('pointerdown', e => {
    if (e.pointerType === 'touch' || e.button !== 0) return
    const start = { x: e.clientX, y: e.clientY }
    const move = e => {
      if (!now && Math.hypot(e.clientX - start.x, e.clientY - start.y) > 6) begin(card, start)
      if (now) follow(e)
    }
    const end = e => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', end)
      removeEventListener('pointercancel', end)
      removeEventListener('keydown', escape)
      if (!now) return
      const to = e.type === 'pointerup' ? now.over?.dataset.section : undefined
      finish()
      if (to !== undefined && to !== from) drop(to)
    }
    const escape = e => { if (e.key === 'Escape') end(e) }
    addEventListener('pointermove', move)
    addEventListener('pointerup', end)
    addEventListener('pointercancel', end)
    addEventListener('keydown', escape)
  })
}

function begin(card, start) {
  const box = card.getBoundingClientRect()
  const ghost = card.cloneNode(true)
  ghost.classList.add('ghost')
  ghost.removeAttribute('data-task')
  ghost.style.width = `${box.width}px`
  document.body.append(ghost)
  document.body.classList.add('dragging')
  card.classList.add('lifted')
  now = { card, ghost, over: null, dx: start.x - box.left, dy: start.y - box.top }
  card.addEventListener('click', swallow, { capture: true, once: true })
}

function follow(e) {
  now.ghost.style.transform = `translate(${e.clientX - now.dx}px, ${e.clientY - now.dy}px) rotate(1.5deg)`
  const over = document.elementFromPoint(e.clientX, e.clientY)?.closest('.column') || null
  if (over !== now.over) {
    now.over?.classList.remove('target')
    over?.classList.add('target')
    now.over = over
  }
  const board = document.getElementById('board')
  const box = board.getBoundingClientRect()
  if (e.clientX > box.right - 50) board.scrollLeft += 14
  if (e.clientX < box.left + 50) board.scrollLeft -= 14
}

function finish() {
  const { card, ghost, over } = now
  now = null
  ghost.remove()
  over?.classList.remove('target')
  card.classList.remove('lifted')
  document.body.classList.remove('dragging')
  setTimeout(() => card.removeEventListener('click', swallow, { capture: true }), 0)
}

// swallow keeps the end of a drag from opening the card.
function swallow(e) {
  e.stopImmediatePropagation()
  e.preventDefault()
}
