// One person's chat with the bot.
import { el, icon, avatar, day, post } from "/pages/parts.js";
import { bubble } from "/pages/message.js";
import { Composer } from "/pages/composer.js";

const ROOM = 150; // how many messages are drawn until older ones are asked for
const PATIENCE = 20000; // ms until a pressed button stops turning

export class Panel {
  constructor(person, bot, services) {
    Object.assign(this, { person, bot, services, messages: new Map(), pressing: new Map(), early: [], loaded: false, room: ROOM });
    this.api = `/demo/people/${person.id}/chats/${bot.id}/`;
    this.chat = { started: false, blocked: false, commands: [], bot };
    this.build();
  }

  build() {
    const language = { en: "English", ru: "Russian" }[this.person.language_code] || this.person.language_code || "no language set";
    this.status = el("small", { "data-status": "" }, [this.person.role || "nobody yet", language].join(" · "));
    this.menu = el("button.tool", { type: "button", "data-action": "block", onclick: () => this.block(true) }, "Block");
    const head = el("header.chat-head", {}, avatar(this.person.name, this.person.id),
      el("div.chat-who", {}, el("h2", {}, this.person.name), this.status), this.menu);
    this.list = el("div.list", { role: "log", "aria-label": `Chat of ${this.person.name} with ${this.bot.name}`, tabindex: "-1" });
    this.list.addEventListener("scroll", () => this.scrolled());
    this.list.addEventListener("keydown", (e) => this.keys(e));
    this.typing = el("div.typing", { hidden: true, "data-typing": "", role: "status" }, el("span", { "aria-hidden": "true" }), this.bot.name + " is typing");
    this.toBottom = el("button.to-bottom", { type: "button", hidden: true, "aria-label": "To the newest message", onclick: () => this.bottom() }, icon("down"));
    this.toasts = el("div.toasts", { role: "status", "data-toasts": "" });
    this.composer = new Composer(this);
    this.element = el("section.chat", { "data-person": this.person.id, "aria-label": `${this.person.name}'s chat` },
      head, el("div.stage", {}, this.list, this.typing, this.toBottom, this.toasts), this.composer.element);
  }

  // shown is told each time the panel comes onto the page.
  shown() {
    if (this.loaded) this.bottom();
    else this.load();
  }

  focus() {
    this.composer.focus();
  }

  // load gets the chat as it is; what happens meanwhile is applied afterwards.
  async load() {
    if (this.loading) return;
    this.loading = true;
    try {
      const answer = await fetch(this.api + "messages");
      this.chat = await answer.json();
      this.bot = { ...this.bot, name: this.chat.bot.name, description: this.chat.bot.description };
      this.messages = new Map(this.chat.messages.map((m) => [m.id, m]));
      this.loaded = true;
      for (const e of this.early.splice(0)) this.apply(e);
      if (this.chat.typing) this.act();
      this.draw();
      this.bottom();
    } finally {
      this.loading = false;
    }
  }

  happened(e) {
    if (this.loading || !this.loaded) {
      this.early.push(e);
      return;
    }
    this.apply(e);
    this.draw();
  }

  apply(e) {
    switch (e.kind) {
      case "message":
        this.messages.set(e.message.id, e.message);
        if (e.message.from === "bot") this.act(false);
        else this.chat.started = true;
        break;
      case "edit":
        this.messages.set(e.message.id, e.message);
        break;
      case "delete":
        if (this.messages.has(e.message_id)) this.messages.get(e.message_id).deleted = true;
        break;
      case "update_delivered":
        if (e.update_kind === "message" && this.messages.has(e.message_id)) this.messages.get(e.message_id).waiting = false;
        break;
      case "callback_answer":
        this.answered(e);
        break;
      case "action":
        this.act();
        break;
      case "chat":
        setTimeout(() => this.load());
        break;
    }
  }

  // act shows for a while that the bot is busy.
  act(on = true) {
    clearTimeout(this.actTimer);
    const stuck = this.atBottom();
    this.typing.hidden = !on;
    if (stuck) this.list.scrollTop = this.list.scrollHeight;
    if (on) this.actTimer = setTimeout(() => this.act(false), 5000);
  }

  // --- drawing

  // groups are single messages and albums, in order, without the deleted ones.
  groups() {
    const groups = [];
    for (const m of [...this.messages.values()].sort((a, b) => a.id - b.id)) {
      if (m.deleted) continue;
      const last = groups[groups.length - 1];
      if (m.album && last?.[0].album === m.album) last.push(m);
      else groups.push([m]);
    }
    return groups;
  }

  // draw brings the list up to date and touches only what changed, so that focus and players stay.
  draw() {
    const stuck = this.atBottom();
    const groups = this.groups();
    const old = new Map([...this.list.children].map((c) => [c.dataset.key, c]));
    const next = [];
    const keep = (key, sign, make) => {
      let e = old.get(key);
      if (!e || e.sign !== sign) {
        const had = e?.contains(document.activeElement) ? document.activeElement.dataset : null;
        const fresh = make();
        if (e) e.replaceWith(fresh);
        e = fresh;
        e.dataset.key = key;
        e.sign = sign;
        if (had?.row) e.querySelector(`[data-row="${had.row}"][data-col="${had.col}"]`)?.focus();
      }
      next.push(e);
    };
    if (!this.chat.started && groups.length === 0) keep("hello", this.bot.description || "", () => this.hello());
    const visible = groups.slice(-this.room);
    if (visible.length < groups.length) keep("earlier", "", () => this.earlier());
    let last = "";
    for (const g of visible) {
      const d = day(g[0].at);
      if (d !== last) keep("day:" + d, d, () => el("div.day", {}, el("span", {}, d)));
      last = d;
      const to = this.messages.get(g[0].reply_to);
      const sign = JSON.stringify([g, to && [to.text, to.deleted], [...this.pressing.keys()].filter((k) => g.some((m) => k.startsWith(m.id + ":")))]);
      keep("m:" + g[0].id, sign, () => bubble(g, this));
    }
    next.forEach((e, i) => {
      if (this.list.children[i] !== e) this.list.insertBefore(e, this.list.children[i] || null);
    });
    while (this.list.children.length > next.length) this.list.lastElementChild.remove();
    const articles = this.list.querySelectorAll("article");
    if (articles.length && !this.list.querySelector('article[tabindex="0"]')) articles[articles.length - 1].tabIndex = 0;
    this.menu.hidden = !this.chat.started || this.chat.blocked;
    this.element.classList.toggle("blocked", this.chat.blocked);
    this.composer.draw();
    if (stuck) this.bottom();
    else this.scrolled();
  }

  hello() {
    return el("div.hello", {}, avatar(this.bot.name, this.bot.id), el("h3", {}, this.bot.name),
      el("p", {}, this.bot.description || "Press Start, and the bot may write to you."));
  }

  earlier() {
    return el("button.earlier", { type: "button", onclick: () => {
      this.room += ROOM;
      this.draw();
    } }, "Earlier messages");
  }

  atBottom() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
  }

  bottom() {
    this.list.scrollTop = this.list.scrollHeight;
    this.scrolled();
    for (const picture of this.list.querySelectorAll("img")) {
      if (!picture.complete) picture.addEventListener("load", () => { this.list.scrollTop = this.list.scrollHeight; }, { once: true });
    }
  }

  scrolled() {
    this.toBottom.hidden = this.atBottom();
  }

  jump(id) {
    const e = this.list.querySelector(`[data-message="${id}"]`);
    if (!e) return;
    e.scrollIntoView({ block: "center" });
    e.classList.remove("flash");
    void e.offsetWidth;
    e.classList.add("flash");
  }

  // keys: up and down walk through the messages, r replies, e edits.
  keys(e) {
    const at = e.target.closest("article");
    if (!at || e.target !== at || e.ctrlKey || e.metaKey || e.altKey) return;
    const all = [...this.list.querySelectorAll("article")];
    const to = { ArrowUp: all[all.indexOf(at) - 1], ArrowDown: all[all.indexOf(at) + 1], Home: all[0], End: all[all.length - 1] }[e.key];
    if (to) {
      at.tabIndex = -1;
      to.tabIndex = 0;
      to.focus();
      e.preventDefault();
    } else if (e.key === "r" || e.key === "e") {
      at.querySelector(`[data-action="${e.key === "r" ? "reply" : "edit"}"]`)?.click();
      e.preventDefault();
    }
  }

  // --- doing

  replyTo(m) {
    this.composer.reply(m);
  }

  edit(m) {
    this.composer.edit(m);
  }

  open(url) {
    this.services.open(url, this.person.id);
  }

  // send gives a text to the bot, or whatever body holds, and tells whether it went.
  async send(text, body = { text }) {
    return this.attempt(() => post(this.api + "messages", body));
  }

  async start() {
    return this.attempt(() => post(this.api + "start", {}));
  }

  async block(on) {
    return this.attempt(() => post(this.api + (on ? "block" : "unblock")));
  }

  async attempt(what) {
    try {
      await what();
      this.bottom();
      return true;
    } catch (e) {
      this.toast(e.message);
      return false;
    }
  }

  async press(m, key, row, col) {
    if (key.url) return this.open(key.url);
    if (key.copy) {
      await navigator.clipboard.writeText(key.copy);
      return this.toast("Copied");
    }
    const name = `${m.id}:${row}:${col}`;
    if (this.pressing.has(name)) return;
    this.pressing.set(name, "");
    this.draw();
    try {
      const { callback_id } = await post(this.api + "press?wait=0", { message_id: m.id, data: key.data });
      if (this.pressing.get(name) === "") this.pressing.set(name, callback_id);
      if (this.answers?.has(callback_id)) this.released(callback_id);
    } catch (e) {
      this.pressing.delete(name);
      this.toast(e.message);
      this.draw();
    }
    setTimeout(() => {
      if (this.pressing.delete(name)) {
        this.toast("The bot did not answer.");
        this.draw();
      }
    }, PATIENCE);
  }

  // answered may come before the press itself has returned.
  answered(e) {
    (this.answers ||= new Set()).add(e.callback_id);
    this.released(e.callback_id);
    if (e.text && e.alert) this.services.alert(e.text);
    else if (e.text) this.toast(e.text);
    if (e.url) this.open(e.url);
  }

  released(callback) {
    for (const [name, id] of this.pressing) {
      if (id === callback) this.pressing.delete(name);
    }
    this.draw();
  }

  toast(text) {
    const t = el("div.toast", {}, text);
    this.toasts.append(t);
    setTimeout(() => t.remove(), 4000);
  }
}
