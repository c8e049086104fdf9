// What every page does: words, the stream of news, clock, trouble. Other scripts listen on `news`.
export const words = JSON.parse(document.getElementById("words").textContent);
export const news = new EventTarget();

export function say(template, facts = {}) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

export function tell(name, detail) {
  news.dispatchEvent(new CustomEvent(name, { detail }));
}

export function when(iso) {
  if (!iso) return "—";
  return iso.slice(0, 16).replace("T", " ");
}

/** A part of a page from the server, put in place; faults are parts as well. */
export async function part(url, target, options = {}) {
  try {
    const answer = await fetch(url, { headers: { "x-part": "1" }, ...options });
    target.innerHTML = await answer.text();
    return answer.ok;
  } catch {
    trouble(words.page.connection_lost);
    return false;
  }
}

export async function post(url, values = {}) {
  const body = new URLSearchParams(values);
  try {
    const answer = await fetch(url, { method: "POST", body, headers: { accept: "application/json" } });
    const told = await answer.json();
    if (!answer.ok) trouble([told.told, told.remedy && `${words.page.next}: ${told.remedy}`].filter(Boolean).join(" "));
    else trouble("");
    return answer.ok ? told : null;
  } catch {
    trouble(words.page.connection_lost);
    return null;
  }
}

const line = document.getElementById("trouble");
export function trouble(text) {
  line.textContent = text;
  line.hidden = !text;
}

const root = document.documentElement;
const doing = document.getElementById("doing");
const clock = document.getElementById("clock");
let lost = false;

function connect() {
  const after = document.querySelector("[data-seq]")?.dataset.seq ?? "-1";
  const stream = new EventSource(`/events?after=${after}`);
  stream.addEventListener("open", () => {
    if (lost) trouble("");
    lost = false;
  });
  stream.addEventListener("error", () => {
    lost = true;
    trouble(words.page.connection_lost);
  });
  stream.addEventListener("messages", (event) => tell("messages", JSON.parse(event.data)));
  stream.addEventListener("states", (event) => {
    const states = JSON.parse(event.data);
    const times = Object.values(states).map((one) => one.time).filter(Boolean).sort();
    clock.textContent = when(times.at(-1));
    const known = Object.values(states);
    const none = known.length > 0 && known.every((one) => one.state !== "SERVING");
    if (!lost && !doing.textContent) trouble(none ? words.page.stack_stopped : "");
    tell("states", states);
  });
  stream.addEventListener("stage", (event) => {
    const stage = JSON.parse(event.data);
    if (stage.scenario !== root.dataset.stage && !stage.doing) location.reload();
    doing.textContent = stage.doing ? `${words.page.busy}… ${stage.doing}` : "";
    if (stage.fault && stage.fault.ja) trouble(root.lang === "ja" ? stage.fault.ja : stage.fault.en);
    tell("stage", stage);
  });
}
window.addEventListener("DOMContentLoaded", connect);
