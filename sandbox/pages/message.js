// How a message looks: its bubble with reply, files, formatted words and keyboard.
import { el, icon, size, clock } from "/pages/parts.js";

// bubble draws the messages of one album, or a single one. chat is the panel they are in.
export function bubble(group, chat) {
  const first = group[0];
  const own = first.from === "person";
  const worded = group.find((m) => m.text) || first;
  const box = el("div.bubble");
  if (first.forwarded) box.append(el("div.forwarded", {}, "Forwarded"));
  if (first.reply_to) box.append(quote(first, chat));
  const visual = group.filter((m) => m.files?.some(isVisual));
  if (visual.length) box.append(gallery(visual));
  for (const m of group) {
    for (const f of m.files || []) {
      if (!isVisual(f)) box.append(part(m, fileRow(f)));
    }
    if (m.other) box.append(other(m.other));
  }
  if (worded.text) box.append(el("div.text", { dir: "auto" }, ...words(worded.text, worded.entities || [], chat), foot(group, own)));
  else box.append(foot(group, own));
  box.classList.toggle("bare", visual.length > 0 && !worded.text && group.every((m) => m.files?.every(isVisual)) && !first.reply_to);
  box.classList.toggle("plain-ground", first.other === "sticker");
  box.classList.toggle("huge", !first.files && !first.reply_to && /^\p{Extended_Pictographic}[\u{1f3fb}-\u{1f3ff}\ufe0f]?$/u.test(first.text));
  const row = el("article.message", {
    "data-message": first.id, "data-from": first.from, "data-album": first.album,
    "aria-label": `${own ? chat.person.name : chat.bot.name}, ${clock(first.at)}`, tabindex: "-1",
  });
  row.classList.toggle("own", own);
  const stack = el("div.stack", {}, box);
  const keyed = group.find((m) => m.buttons);
  if (keyed) stack.append(keyboard(keyed, chat));
  row.append(stack, tools(first, worded, own, chat));
  return row;
}

const isVisual = (f) => (f.kind === "photo" || f.kind === "video" || f.kind === "animation") && f.url;

// part marks where the later messages of an album are.
function part(m, e) {
  e.dataset.part = m.id;
  return e;
}

function quote(m, chat) {
  const to = chat.messages.get(m.reply_to);
  const gone = !to || to.deleted;
  const what = gone ? "Deleted message" : to.text || to.files?.[0]?.name || to.files?.[0]?.kind || to.other || "Message";
  return el("button.quote", { type: "button", "data-action": "jump", "data-reply-to": m.reply_to, onclick: () => chat.jump(m.reply_to) },
    el("b", {}, gone ? "" : to.from === "bot" ? chat.bot.name : chat.person.name), el("span", { dir: "auto" }, what.slice(0, 120)));
}

function gallery(messages) {
  const box = el("div.gallery", { "data-count": Math.min(messages.length, 10) });
  for (const m of messages) {
    const f = m.files.find(isVisual);
    if (f.kind === "photo") {
      const picture = el("img", { src: f.url, alt: m.text ? "" : "Photo", loading: "lazy", width: f.width, height: f.height });
      box.append(part(m, el("a.picture", { href: f.url, target: "_blank", rel: "noopener", "aria-label": "Open the photo" }, picture)));
    } else {
      const video = el("video", { src: f.url, controls: true, preload: "metadata", "aria-label": f.name || f.kind });
      box.append(part(m, el("div.picture", {}, video)));
    }
  }
  return box;
}

function fileRow(f) {
  if ((f.kind === "voice" || f.kind === "audio") && f.url) {
    const name = f.kind === "audio" ? el("span", {}, f.name) : null;
    return el("div.sound", {}, name, el("audio", { src: f.url, controls: true, preload: "metadata", "aria-label": f.kind === "voice" ? "Voice message" : f.name }));
  }
  const words = el("span.file-words", {}, el("b", { dir: "auto" }, f.name || f.kind),
    el("small", {}, size(f.size || 0) + (f.url ? "" : " · only its size exists")));
  const mark = el("span.file-mark", {}, icon("file"));
  if (!f.url) return el("div.file", {}, mark, words);
  return el("a.file", { href: f.url, download: f.name || true, "data-action": "download" }, mark, words);
}

function other(kind) {
  if (kind === "sticker") return el("div.sticker", { "data-other": kind }, el("img", { src: "/pages/sticker.svg", alt: "Sticker: thumbs up", width: 132, height: 132 }));
  const names = { location: "Location", contact: "Dana Quay", dice: "Dice: 4", poll: "Tea or coffee?" };
  return el("div.file", { "data-other": kind }, el("span.file-mark", {}, icon(kind)), el("b", {}, names[kind]));
}

function foot(group, own) {
  const last = group[group.length - 1];
  const when = el("time", { datetime: last.at, title: new Date(last.at).toLocaleString() }, clock(last.at));
  const line = el("span.foot", { dir: "ltr" });
  if (group.some((m) => m.edited)) line.append(el("span.edited", {}, "edited"));
  line.append(when);
  if (own) {
    const waiting = group.some((m) => m.waiting);
    const mark = icon(waiting ? "check" : "checks");
    line.append(el("span.ticks", { title: waiting ? "The bot has not got it yet" : "The bot has got it" }, mark,
      el("span.visually-hidden", {}, waiting ? "waiting for the bot" : "delivered")));
  }
  return line;
}

function keyboard(m, chat) {
  const rows = m.buttons.map((row, y) => el("div.keys-row", {}, ...row.map((k, x) => {
    const b = el("button.key", {
      type: "button", "data-action": "press", "data-row": y, "data-col": x, "data-data": k.data, "data-style": k.style,
      onclick: () => chat.press(m, k, y, x),
    }, el("span", { dir: "auto" }, k.text));
    if (k.url) b.append(icon("link"));
    if (k.copy) b.append(icon("copy"));
    const busy = chat.pressing.has(`${m.id}:${y}:${x}`);
    b.classList.toggle("busy", busy);
    if (busy) b.setAttribute("aria-busy", "true");
    return b;
  })));
  return el("div.keys", { role: "group", "aria-label": "Buttons" }, ...rows);
}

function tools(first, worded, own, chat) {
  const box = el("div.tools");
  box.append(el("button.tool", { type: "button", "data-action": "reply", title: "Reply", "aria-label": "Reply", onclick: () => chat.replyTo(first) }, icon("reply")));
  if (own && !first.other) {
    box.append(el("button.tool", { type: "button", "data-action": "edit", title: "Edit", "aria-label": "Edit", onclick: () => chat.edit(worded) }, icon("edit")));
  }
  return box;
}

// words turns a text and its entities, which may be nested, into nodes. Offsets count UTF-16 units, as JavaScript does.
export function words(text, entities, chat, from = 0, to = text.length) {
  const nodes = [];
  let at = from;
  const here = entities.filter((e) => e.offset >= from && e.offset + e.length <= to);
  while (here.length) {
    const e = here.shift();
    if (e.offset < at) continue;
    if (e.offset > at) nodes.push(text.slice(at, e.offset));
    const end = e.offset + e.length;
    const inside = here.filter((i) => i.offset + i.length <= end);
    nodes.push(marked(e, text.slice(e.offset, end), words(text, inside, chat, e.offset, end), chat));
    at = end;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function marked(e, text, inner, chat) {
  const tags = {
    bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
    expandable_blockquote: "blockquote",
  };
  if (tags[e.type]) return el(tags[e.type], {}, ...inner);
  const link = (url) => el("a", { href: /^\w+:/.test(url) ? url : "https://" + url, "data-action": "link", onclick: (ev) => {
    ev.preventDefault();
    chat.open(url);
  } }, ...inner);
  switch (e.type) {
    case "spoiler":
      return el("button.spoiler", { type: "button", "aria-label": "Hidden text", onclick: (ev) => ev.currentTarget.classList.add("seen") }, ...inner);
    case "text_link":
      return link(e.url);
    case "url":
      return link(text);
    case "email":
      return el("a", { href: "mailto:" + text }, ...inner);
    case "bot_command":
      return el("button.command", { type: "button", "data-action": "command", onclick: () => chat.send(text) }, ...inner);
    case "mention":
    case "hashtag":
      return el("span.mention", {}, ...inner);
  }
  return el("span", {}, ...inner);
}
