// Small things that several pages are made of.

// el makes an element: el("button.primary", {type: "button"}, "Send").
export function el(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const e = document.createElement(tag || "div");
  e.classList.add(...classes);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else if (value === true) e.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) e.setAttribute(name, value);
  }
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
}

// avatar is a round mark with a person's initials, in a colour of their own.
export function avatar(name, id) {
  const mark = el("span.avatar", { "aria-hidden": "true" });
  mark.textContent = name.split(/\s+/).map((w) => [...w][0] || "").slice(0, 2).join("").toUpperCase();
  mark.dataset.hue = id % 7;
  return mark;
}

// post sends JSON, or a form, and gives the answer; what went wrong is thrown in the server's words.
export async function post(url, body = {}) {
  const form = body instanceof FormData;
  const answer = await fetch(url, {
    method: "POST", body: form ? body : JSON.stringify(body), headers: form ? {} : { "Content-Type": "application/json" },
  });
  const result = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(result.error || `The sandbox answered ${answer.status}.`);
  return result;
}

const icons = {
  send: "M3.4 20.4 21 12 3.4 3.6l-.1 6.6L15 12 3.300 13.800z",
  attach: "M16.500 6v11.500a4 4 0 0 1-8 0V5a2.500 2.500 0 0 1 5 0v10.500a1 1 0 0 1-2 0V6H10v9.500a2.500 2.500 0 0 0 5 0V5a4 4 0 0 0-8 0v12.500a5.500 5.500 0 0 0 11 0V6z",
  reply: "M10 9V5l-7 7 7 7v-4.100c5 0 8.500 1.600 11 5.100-1-5-4-10-11-11z",
  edit: "M3 17.250V21h3.750L17.800 9.940l-3.750-3.750zM20.700 7.040a1 1 0 0 0 0-1.410l-2.340-2.340a1 1 0 0 0-1.410 0l-1.830 1.830 3.750 3.750z",
  close: "M19 6.400 17.600 5 12 10.600 6.400 5 5 6.400 10.600 12 5 17.600 6.400 19 12 13.400 17.600 19 19 17.600 13.400 12z",
  more: "M12 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4m0 2a2 2 0 1 0 0 4 2 2 0 0 0 0-4m0 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  file: "M14 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8zm4 18H6V4h7v5h5z",
  down: "M7.400 8.600 12 13.200l4.600-4.600L18 10l-6 6-6-6z",
  link: "M14 3v2h3.600l-9.800 9.800 1.400 1.400L19 6.400V10h2V3zM19 19H5V5h7V3H5a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-7h-2z",
  copy: "M16 1H4a2 2 0 0 0-2 2v14h2V3h12zm3 4H8a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2m0 16H8V7h11z",
  location: "M12 2a7 7 0 0 0-7 7c0 5.200 7 13 7 13s7-7.800 7-13a7 7 0 0 0-7-7m0 9.500a2.500 2.500 0 1 1 0-5 2.500 2.500 0 0 1 0 5",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8m0 2c-2.700 0-8 1.300-8 4v2h16v-2c0-2.700-5.300-4-8-4",
  dice: "M5 3a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2V5a2 2 0 0 0-2-2zm2.500 3a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3m0 9a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3m9-9a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3m0 9a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3",
  poll: "M5 9.200h3.200V19H5zM10.600 5h2.800v14h-2.800zm5.600 8H19v6h-2.800z",
  check: "M9 16.200 4.800 12l-1.400 1.400L9 19 21 7l-1.400-1.400z",
  checks: "M18 7l-1.400-1.400-6.300 6.300 1.400 1.400zm4.200-1.400L11.700 16.200l-4.200-4.200-1.400 1.400L11.700 19 23.600 7zM.4 13.400 6 19l1.400-1.400L1.800 12z",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", icons[name]);
  svg.append(path);
  return svg;
}

// size says a number of bytes the way people do.
export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export function day(at) {
  const d = new Date(at);
  if (d.toDateString() === new Date().toDateString()) return "Today";
  return d.toLocaleDateString([], { day: "numeric", month: "long", year: d.getFullYear() === new Date().getFullYear() ? undefined : "numeric" });
}
