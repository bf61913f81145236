// The line at the bottom of a chat: writing, files, commands, replying and editing.
import { el, icon } from "/pages/parts.js";
import { post } from "/pages/parts.js";

export class Composer {
  constructor(panel) {
    this.panel = panel;
    this.about = null; // {kind: "reply" | "edit", message}
    this.build();
  }

  build() {
    const name = this.panel.person.name;
    this.text = el("textarea", {
      rows: 1, placeholder: "Message", "aria-label": `Message as ${name}`, "data-action": "text", maxlength: 20000, dir: "auto",
      enterkeyhint: "send", autocomplete: "off",
    });
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (e) => this.keys(e));
    this.text.addEventListener("paste", (e) => this.pasted(e));
    this.files = el("input", { type: "file", multiple: true, hidden: true, "data-action": "file", "aria-label": "File to send" });
    this.files.addEventListener("change", () => this.sendFiles([...this.files.files]));
    this.menu = el("div.popup", { hidden: true, role: "menu", "aria-label": "Attach" }, ...[
      ["photo", "Photo or video", () => this.pick("photo", "image/*,video/*")],
      ["document", "File", () => this.pick("document", "")],
      ["voice", "Voice note (an audio file)", () => this.pick("voice", "audio/*")],
      ["sticker", "Sticker", () => this.panel.send("", { other: "sticker" })],
      ["location", "Location", () => this.panel.send("", { other: "location" })],
      ["large", "A file of 60 MB", () => this.panel.send("", { fake_size: 62914560, name: "harbour-tour.mov", kind: "document" })],
    ].map(([kind, label, act]) => el("button", { type: "button", role: "menuitem", "data-action": "attach-" + kind, onclick: () => {
      this.show(this.menu, false);
      act();
    } }, label)));
    this.commands = el("div.popup", { hidden: true, role: "menu", "aria-label": "Commands", "data-commands": "" });
    for (const popup of [this.menu, this.commands]) popup.addEventListener("keydown", (e) => this.popupKeys(e, popup));
    this.attach = el("button.tool", { type: "button", "data-action": "attach", title: "Attach", "aria-label": "Attach", "aria-haspopup": "menu", onclick: () => {
      this.show(this.menu, this.menu.hidden, true);
    } }, icon("attach"));
    this.slash = el("button.tool.slash", { type: "button", "data-action": "commands", title: "Commands", "aria-label": "Commands", "aria-haspopup": "menu", onclick: () => {
      this.list("");
      this.show(this.commands, this.commands.hidden, true);
    } }, "/");
    this.go = el("button.go", { type: "submit", "data-action": "send", title: "Send", "aria-label": "Send" }, icon("send"));
    this.banner = el("div.about", { hidden: true });
    this.line = el("form.line", { onsubmit: (e) => {
      e.preventDefault();
      this.submit();
    } }, this.attach, el("div.field", {}, this.text, this.slash), this.go, this.files);
    this.start = el("button.wide", { type: "button", "data-action": "start", onclick: () => this.panel.start() }, "Start");
    this.unblock = el("button.wide", { type: "button", "data-action": "unblock", onclick: () => this.panel.block(false) }, "Unblock the bot");
    this.element = el("footer.composer", {}, this.menu, this.commands, this.banner, this.line, this.start, this.unblock);
    this.element.addEventListener("focusout", (e) => {
      if (!this.element.contains(e.relatedTarget)) this.close();
    });
  }

  draw() {
    const { started, blocked, commands } = this.panel.chat;
    this.start.hidden = started || blocked;
    this.unblock.hidden = !blocked;
    this.line.hidden = !started || blocked;
    this.slash.hidden = !commands.length || this.text.value !== "";
    this.go.classList.toggle("ready", this.text.value.trim() !== "");
  }

  focus() {
    (this.line.hidden ? this.start : this.text).focus();
  }

  // --- writing

  typed() {
    this.text.style.height = "auto";
    this.text.style.height = Math.min(this.text.scrollHeight, 160) + "px";
    const start = /^\/\w*$/.test(this.text.value);
    if (start) this.list(this.text.value.slice(1));
    this.show(this.commands, start && this.commands.childElementCount > 0);
    this.draw();
  }

  keys(e) {
    if (e.isComposing) return;
    if (e.key === "Enter" && !e.shiftKey) {
      e.preventDefault();
      this.submit();
    } else if (e.key === "Escape") {
      if (this.commands.hidden && this.menu.hidden) this.forget();
      this.close();
    } else if (e.key === "ArrowDown" && !this.commands.hidden) {
      e.preventDefault();
      this.commands.firstElementChild.focus();
    } else if (e.key === "ArrowUp" && this.text.value === "") {
      const own = [...this.panel.messages.values()].filter((m) => m.from === "person" && !m.deleted && m.text).pop();
      if (own) {
        e.preventDefault();
        this.edit(own);
      }
    }
  }

  async submit() {
    const text = this.text.value.trim();
    if (!text) return;
    this.close();
    const about = this.about;
    const sent = about?.kind === "edit"
      ? this.panel.attempt(() => post(`${this.panel.api}messages/${about.message.id}/edit`, { text }))
      : this.panel.send(text, { text, reply_to: about?.message.id });
    if (await sent) {
      this.set("");
      this.forget();
    }
  }

  set(text) {
    this.text.value = text;
    this.typed();
  }

  // --- replying and editing

  reply(m) {
    this.about = { kind: "reply", message: m };
    this.tell("Reply to " + (m.from === "bot" ? this.panel.bot.name : "yourself"), m);
  }

  edit(m) {
    this.about = { kind: "edit", message: m };
    this.set(m.text);
    this.tell("Edit message", m);
  }

  tell(title, m) {
    this.banner.replaceChildren(
      el("div", {}, el("b", {}, title), el("span", { dir: "auto" }, m.text || m.files?.[0]?.name || m.files?.[0]?.kind || m.other || "")),
      el("button.tool", { type: "button", "data-action": "cancel", "aria-label": "Cancel", onclick: () => this.forget() }, icon("close")),
    );
    this.banner.hidden = false;
    this.text.focus();
  }

  forget() {
    if (this.about?.kind === "edit") this.set("");
    this.about = null;
    this.banner.hidden = true;
  }

  // --- files

  pick(kind, accept) {
    this.kind = kind;
    this.files.accept = accept;
    this.files.value = "";
    this.files.click();
  }

  pasted(e) {
    if (!e.clipboardData.files.length) return;
    e.preventDefault();
    this.kind = "photo";
    this.sendFiles([...e.clipboardData.files]);
  }

  // sendFiles sends what was picked, with the text in the line as its caption. What is no picture goes as a file.
  async sendFiles(files) {
    if (!files.length) return;
    let kind = this.kind || "document";
    if (kind === "photo" && files.every((f) => f.type.startsWith("video/"))) kind = "video";
    else if (kind === "photo" && !files.every((f) => /^image\/(png|jpeg|gif)$/.test(f.type))) kind = "document";
    const form = new FormData();
    form.set("kind", kind);
    form.set("text", this.text.value.trim());
    if (this.about?.kind === "reply") form.set("reply_to", this.about.message.id);
    for (const f of files) form.append("file", f);
    if (await this.panel.send("", form)) {
      this.set("");
      this.forget();
    }
  }

  // --- popups

  list(start) {
    const fitting = this.panel.chat.commands.filter((c) => c.command.startsWith(start));
    this.commands.replaceChildren(...fitting.map((c) => el("button", {
      type: "button", role: "menuitem", "data-action": "command", "data-command": c.command, onclick: async () => {
        this.show(this.commands, false);
        this.set("");
        await this.panel.send("/" + c.command);
        this.text.focus();
      },
    }, el("b", {}, "/" + c.command), el("span", {}, c.description))));
  }

  show(popup, on, focus = false) {
    this.menu.hidden = this.commands.hidden = true;
    popup.hidden = !on;
    if (on && focus) popup.firstElementChild?.focus();
  }

  close() {
    this.menu.hidden = this.commands.hidden = true;
  }

  popupKeys(e, popup) {
    const all = [...popup.children];
    const at = all.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step) {
      e.preventDefault();
      all[(at + step + all.length) % all.length].focus();
    } else if (e.key === "Escape") {
      this.close();
      this.text.focus();
    }
  }
}
