// The chat page: who is shown, what happens live, and the dialogs that belong to no chat.
import { Panel } from "/pages/panel.js";
import { avatar, post } from "/pages/parts.js";

const $ = (id) => document.getElementById(id);
const phone = matchMedia("(max-width: 760px)");

const state = { world: null, bot: null, panels: new Map(), shown: [], unread: new Map(), watching: "" };

async function start() {
  state.world = await (await fetch("/demo/world")).json();
  const wanted = new URLSearchParams(location.search);
  chooseBot(Number(wanted.get("bot")) || state.world.bots[0].id);
  const asked = (wanted.get("people") || "").split(",").map(Number).filter(byID);
  state.shown = asked.length ? asked : fitting();
  if (phone.matches) state.shown = state.shown.slice(0, 1);
  phone.addEventListener("change", () => show(phone.matches ? state.shown.slice(0, 1) : fitting()));
  show(state.shown);
  faults();
  setInterval(faults, 5000);
}

const byID = (id) => state.world.people.find((p) => p.id === id);

// cast is everybody with a button: the demo's people, and whoever was added or asked for here. A load test makes
// hundreds of others.
const cast = () => state.world.people.filter((p) => p.id < 600000 || state.panels.has(p.id));

// fitting gives one person of each part of the story, as many as there is room for.
function fitting() {
  const people = state.world.people;
  const firsts = ["organizer", "agent", "dispatcher", "owner"].map((role) => people.find((p) => p.role === role)).filter(Boolean);
  return firsts.slice(0, Math.max(1, Math.floor(innerWidth / 400))).map((p) => p.id);
}

function chooseBot(id) {
  state.bot = state.world.bots.find((b) => b.id === id) || state.world.bots[0];
  $("bot-choice").hidden = state.world.bots.length < 2;
  $("bot").replaceChildren(...state.world.bots.map((b) => new Option(b.name, b.id, false, b.id === state.bot.id)));
}

// --- who is shown

function show(ids) {
  state.shown = ids;
  for (const [id, panel] of state.panels) {
    if (!ids.includes(id)) panel.element.remove();
  }
  for (const id of ids) {
    if (!state.panels.has(id)) state.panels.set(id, new Panel(byID(id), state.bot, services));
    state.unread.delete(id);
    $("chats").append(state.panels.get(id).element);
    state.panels.get(id).shown();
  }
  $("chats").style.setProperty("--count", Math.max(ids.length, 1));
  drawPeople();
  watch();
}

function toggle(id) {
  if (phone.matches) return show([id]);
  const on = state.shown.includes(id);
  if (on && state.shown.length === 1) return;
  const order = state.world.people.map((p) => p.id);
  const next = on ? state.shown.filter((s) => s !== id) : [...state.shown, id];
  show(next.sort((a, b) => order.indexOf(a) - order.indexOf(b)));
}

// drawPeople keeps the buttons, so that the focus stays where it is.
function drawPeople() {
  const box = $("people");
  for (const p of cast()) {
    let b = box.querySelector(`[data-person="${p.id}"]`);
    if (!b) {
      b = document.createElement("button");
      b.className = "chip";
      b.dataset.person = p.id;
      b.dataset.action = "show";
      const name = document.createElement("span");
      name.className = "chip-name";
      name.textContent = p.name.split(" ")[0];
      const role = document.createElement("small");
      role.textContent = p.role || "nobody yet";
      const badge = document.createElement("b");
      badge.className = "badge";
      const words = document.createElement("span");
      words.className = "chip-words";
      words.append(name, role);
      b.append(avatar(p.name, p.id), words, badge);
      b.addEventListener("click", () => toggle(p.id));
      box.append(b);
    }
    const unread = state.unread.get(p.id) || 0;
    b.setAttribute("aria-pressed", state.shown.includes(p.id));
    b.title = `${p.name}, ${p.role || "nobody yet"}` + (unread ? `, ${unread} unread` : "");
    b.querySelector(".badge").textContent = unread || "";
    if (phone.matches && state.shown[0] === p.id) b.scrollIntoView({ inline: "center", block: "nearest" });
  }
  let add = box.querySelector('[data-action="add-person"]');
  if (!add) {
    add = document.createElement("button");
    add.className = "chip add";
    add.dataset.action = "add-person";
    add.textContent = "+";
    add.title = "Add somebody new";
    add.setAttribute("aria-label", "Add somebody new");
    add.addEventListener("click", () => $("person").showModal());
  }
  box.append(add);
}

$("bot").addEventListener("change", () => {
  location.search = new URLSearchParams({ bot: $("bot").value, people: state.shown.join(",") });
});

$("person-cancel").addEventListener("click", () => $("person").close());
$("person-form").addEventListener("submit", async () => {
  const p = await post("/demo/people", { name: $("person-name").value, language_code: $("person-language").value });
  $("person-name").value = "";
  state.world.people.push(p);
  show(phone.matches ? [p.id] : [...state.shown, p.id]);
});

// --- live

let source = null;

// watch listens for everybody who has a button or a chat here.
function watch() {
  const people = cast().map((p) => p.id).join(",");
  if (people === state.watching) return;
  state.watching = people;
  source?.close();
  source = new EventSource(`/demo/events?chats=${people}&kinds=message,edit,delete,callback_answer,action,chat,update_delivered`);
  source.onopen = () => {
    live(true);
    for (const panel of state.panels.values()) panel.load();
  };
  source.onerror = () => live(false);
  source.onmessage = (m) => happened(JSON.parse(m.data));
}

function live(on) {
  $("live").classList.toggle("on", on);
  $("live").title = on ? "Live" : "Not connected: is the sandbox running?";
  $("live").firstElementChild.textContent = $("live").title;
}

function happened(e) {
  if (e.bot_id !== state.bot.id) return;
  for (const [id, panel] of state.panels) {
    if (!e.chat_id || e.chat_id === id) panel.happened(e);
  }
  if (e.kind === "message" && e.message.from === "bot" && !state.shown.includes(e.chat_id)) {
    state.unread.set(e.chat_id, (state.unread.get(e.chat_id) || 0) + 1);
    drawPeople();
  }
}

async function faults() {
  try {
    const f = await (await fetch("/demo/faults")).json();
    const on = (t) => Object.values(t).some((v) => v === true || (v > 0 && v !== t.retry_after));
    $("faults-on").hidden = !(on(f.telegram) || on(f.todoist) || !f.limits);
    $("faults-link").classList.toggle("on", !$("faults-on").hidden);
  } catch {
    // The live mark tells already that nobody answers.
  }
}

// --- what the chats ask for

const services = {
  alert(text) {
    $("alert-text").textContent = text;
    $("alert").showModal();
  },

  // open follows a link out of a person's chat. A deep link of a bot can be opened as anybody.
  open(url, person) {
    const link = deepLink(url);
    if (!link) {
      window.open(/^\w+:/.test(url) ? url : "https://" + url, "_blank", "noopener,noreferrer");
      return;
    }
    $("link-url").textContent = url;
    const first = byID(person);
    const people = [first, ...cast().filter((p) => p !== first)];
    $("link-people").replaceChildren(...people.map((p) => {
      const b = document.createElement("button");
      b.className = "choice";
      b.dataset.person = p.id;
      b.dataset.action = "open-as";
      const name = document.createElement("span");
      name.textContent = p.name;
      const role = document.createElement("small");
      role.textContent = p.role || "nobody yet";
      b.append(avatar(p.name, p.id), name, role);
      b.addEventListener("click", () => {
        $("link").close();
        openAs(p.id, link);
      });
      return b;
    }));
    $("link").showModal();
  },
};

$("link-copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText($("link-url").textContent);
  $("link").close();
});

// deepLink reads t.me/<bot>?start=<payload>.
function deepLink(url) {
  const m = /^(?:https?:\/\/)?t\.me\/([A-Za-z0-9_]+)\/?(?:\?start=([A-Za-z0-9_-]*))?$/.exec(url);
  const bot = m && state.world.bots.find((b) => b.username.toLowerCase() === m[1].toLowerCase());
  return bot ? { bot, payload: m[2] || "" } : null;
}

async function openAs(id, link) {
  if (!state.shown.includes(id)) show(phone.matches ? [id] : [...state.shown, id]);
  const panel = state.panels.get(id);
  try {
    await post(`/demo/people/${id}/chats/${link.bot.id}/start`, { payload: link.payload });
  } catch (e) {
    panel.toast(e.message);
  }
  panel.focus();
}

start();
