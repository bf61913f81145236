// The faults page: one knob for each setting, applied as soon as it is turned.
import { el } from "/pages/parts.js";

const targets = { telegram: "Telegram", todoist: "Todoist" };
const percent = (v) => `${Math.round(v * 100)} %`;
const share = { max: 1, step: 0.01, show: percent };
const knobs = [
  ["rtt_ms", "Round trip", "half of it passes before a call is carried out, half after", { max: 2000, step: 20, show: (v) => `${v} ms` }],
  ["too_many", "429 Too Many Requests", "refused, not carried out", share],
  ["retry_after", "Retry after", "what those refusals name", { max: 60, step: 1, show: (v) => `${Math.max(v, 1)} s` }],
  ["server_error", "502 Bad Gateway", "an HTML page in place of an answer, not carried out", share],
  ["lost", "Answer lost", "carried out, then the connection is cut", share],
  ["webhook_duplicates", "Webhooks twice", "delivered, and a moment later once more", share],
  ["webhook_reorder", "Webhooks out of order", "overtaken by the next one", share],
];
const calm = { ...Object.fromEntries(knobs.map(([name]) => [name, 0])), down: false };
const presets = {
  "All well": { telegram: calm, todoist: calm, limits: true },
  "80 ms away": { telegram: { ...calm, rtt_ms: 80 }, todoist: { ...calm, rtt_ms: 80 }, limits: true },
  "A bad day": {
    telegram: { ...calm, rtt_ms: 200, too_many: 0.05, retry_after: 2, server_error: 0.05, lost: 0.05, webhook_duplicates: 0.1, webhook_reorder: 0.1 },
    todoist: { ...calm, rtt_ms: 300, too_many: 0.05, retry_after: 2, server_error: 0.1, lost: 0.05, webhook_duplicates: 0.1, webhook_reorder: 0.2 }, limits: true,
  },
  "Telegram down": { telegram: { ...calm, down: true }, todoist: calm, limits: true },
  "Todoist down": { telegram: calm, todoist: { ...calm, down: true }, limits: true },
};

let state = null;
const said = document.getElementById("said");
const controls = [];

function build() {
  for (const [target, title] of Object.entries(targets)) {
    const health = el("span.health");
    const down = el("input", { type: "checkbox", role: "switch", id: `${target}-down`, "data-fault": `${target}.down`, onchange: () => change(target, "down", down.checked) });
    const card = el("section.card.target", { "data-target": target, "aria-label": title }, el("h2", {}, title, health));
    for (const [name, label, words, scale] of knobs) {
      const out = el("output", { for: `${target}-${name}` });
      const range = el("input", {
        type: "range", id: `${target}-${name}`, "data-fault": `${target}.${name}`, min: 0, max: scale.max, step: scale.step,
        oninput: () => { out.textContent = scale.show(Number(range.value)); },
        onchange: () => change(target, name, Number(range.value)),
      });
      const knob = el("div.knob", {}, el("label", { for: range.id }, label), out, el("small", {}, words), range);
      controls.push(() => {
        const v = state[target][name];
        range.value = v;
        range.setAttribute("aria-valuetext", scale.show(v));
        out.textContent = scale.show(v);
        knob.classList.toggle("set", name !== "retry_after" && v > 0);
      });
      card.append(knob);
    }
    card.append(el("label.switch", {}, down, el("span", {}, el("b", {}, "Down"), el("small", {}, "every call is hung up on"))));
    controls.push(() => {
      down.checked = state[target].down;
      const bad = Object.entries(state[target]).some(([name, v]) => name !== "retry_after" && v);
      health.textContent = state[target].down ? "down" : bad ? "disturbed" : "in good health";
      health.classList.toggle("bad", bad);
    });
    document.getElementById("targets").append(card);
  }
  const limits = document.getElementById("limits");
  limits.addEventListener("change", () => put({ limits: limits.checked }));
  controls.push(() => { limits.checked = state.limits; });
  for (const [name, wanted] of Object.entries(presets)) {
    const b = el("button.plain", { type: "button", "data-preset": name, onclick: () => put(wanted) }, name);
    controls.push(() => b.setAttribute("aria-pressed", same(wanted)));
    document.getElementById("presets").append(b);
  }
  controls.push(() => {
    document.getElementById("curl").textContent =
      `curl -X PUT ${location.origin}/demo/faults -d '{"telegram": {"rtt_ms": 80, "lost": 0.05}}'\n\n` + JSON.stringify(state, null, 2);
  });
}

const same = (wanted) => wanted.limits === state.limits &&
  Object.keys(targets).every((t) => Object.entries(wanted[t]).every(([name, v]) => state[t][name] === v));

const change = (target, name, value) => put({ [target]: { [name]: value } });

async function put(wanted) {
  await load({ method: "PUT", body: JSON.stringify(wanted) });
}

async function load(how) {
  try {
    const answer = await fetch("/demo/faults", how);
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.error);
    state = body;
    said.textContent = "";
    controls.forEach((draw) => draw());
  } catch (e) {
    said.textContent = e.message === "Failed to fetch" ? "The sandbox does not answer." : e.message;
  }
}

build();
load();
addEventListener("focus", () => load());
