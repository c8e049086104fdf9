// The sequence diagram: rows of a fixed height of which only those in sight are drawn, so that any number stays smooth.
import { news, part, say, words } from "/static/page.js";

const ROW = 34, WIDEST = 190, NARROWEST = 66, LEFT = 90, MOST = 3000, NS = "http://www.w3.org/2000/svg";
const ORDER = ["office", "console", "operator", "municipality", "prefecture", "jlis"];
const box = document.getElementById("diagram"), query = new URLSearchParams(box.dataset.query);
const rowsBox = box.querySelector(".rows"), namesBox = box.querySelector(".names");
const panel = document.getElementById("panel"), total = document.getElementById("total");
const fold = document.getElementById("fold"), follow = document.getElementById("follow"), earlier = document.getElementById("earlier");
let messages = [], known = new Map(), rows = [], columns = new Map(), counted = 0, chosen = "", dirty = false;
const opened = new Set();

const svg = document.createElementNS(NS, "svg");
rowsBox.append(svg);

function matches(message) {
  const node = query.get("node"), plane = query.get("plane"), article = query.get("article");
  if (query.get("person")) return false;
  if (plane && message.plane !== plane) return false;
  if (article && !message.article.includes(article)) return false;
  if (!node) return true;
  return [message.sender, message.receiver].some((path) => path === node || path.startsWith(`operator/${node.split("/")[1]}/`));
}

function add(found) {
  for (const message of found) {
    if (known.has(message.id)) continue;
    known.set(message.id, message);
    const last = messages.at(-1);
    if (!last || last.sort < message.sort) messages.push(message);
    else messages.splice(place(message.sort), 0, message);
  }
  if (messages.length > MOST) {
    for (const gone of messages.splice(0, messages.length - MOST)) known.delete(gone.id);
    earlier.hidden = false;
  }
  later();
}

function place(sort) {
  let low = 0, high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (messages[middle].sort < sort) low = middle + 1;
    else high = middle;
  }
  return low;
}

function later() {
  if (dirty) return;
  dirty = true;
  requestAnimationFrame(() => {
    dirty = false;
    lay();
    const atEnd = follow.checked;
    if (atEnd) {
      rowsBox.scrollTop = rowsBox.scrollHeight;
      reveal(messages.at(-1));
    }
    draw();
  });
}

/** Rows of what is loaded: a run of more than three alike is one row, until it is opened. */
function lay() {
  const paths = new Map();
  for (const message of messages) {
    paths.set(message.sender, message.from ?? name(message.sender));
    paths.set(message.receiver, message.to ?? name(message.receiver));
  }
  const sorted = [...paths].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const gaps = Math.max(1, sorted.length - 1);
  const column = Math.max(NARROWEST, Math.min(WIDEST, (rowsBox.clientWidth - LEFT * 2 - 20) / gaps));
  columns = new Map(sorted.map(([path], number) => [path, LEFT + number * column]));
  rows = [];
  let run = [];
  const flush = () => {
    if (fold.checked && run.length > 3 && !opened.has(run[0].id)) {
      rows.push({ message: run[0] }, { folded: run.slice(1, -1), of: run[0] }, { message: run.at(-1) });
    } else rows.push(...run.map((message) => ({ message })));
    run = [];
  };
  for (const message of messages) {
    const first = run[0];
    if (first && !(first.sender === message.sender && first.receiver === message.receiver && first.rule === message.rule && first.refusal === message.refusal)) flush();
    run.push(message);
  }
  flush();
  const width = Math.max(rowsBox.clientWidth - 20, LEFT * 2 + gaps * column);
  svg.setAttribute("width", width);
  svg.setAttribute("height", rows.length * ROW + 20);
  namesBox.replaceChildren(heads(sorted, width));
  document.getElementById("nothing").hidden = messages.length > 0;
  total.textContent = say(words.messages.count, { count: counted.toLocaleString() });
}

function rank(path) {
  return ORDER.indexOf(path.split("/")[0]);
}

function name(path) {
  return path.split("/").slice(0, 2).join("/");
}

function element(tag, attributes, text) {
  const made = document.createElementNS(NS, tag);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function heads(sorted, width) {
  const head = element("svg", { width, height: 34 });
  for (const [path, shown] of sorted) head.append(element("text", { x: columns.get(path), y: 22, "text-anchor": "middle" }, shown));
  return head;
}

function draw() {
  const first = Math.max(0, Math.floor(rowsBox.scrollTop / ROW) - 4);
  const last = Math.min(rows.length, Math.ceil((rowsBox.scrollTop + rowsBox.clientHeight) / ROW) + 4);
  const focused = document.activeElement?.dataset?.row;
  const parts = [];
  for (const [, x] of columns) parts.push(element("line", { class: "lifeline", x1: x, x2: x, y1: first * ROW, y2: last * ROW + 20 }));
  for (let number = first; number < last; number += 1) parts.push(row(rows[number], number));
  svg.replaceChildren(...parts);
  if (focused) svg.querySelector(`[data-row="${focused}"]`)?.focus({ preventScroll: true });
}

function row(one, number) {
  const y = number * ROW + ROW - 8;
  const id = one.message?.id ?? `more-${one.of.id}`;
  const group = element("g", { class: `row${id === chosen ? " chosen" : ""}`, role: "option", "aria-selected": String(id === chosen), tabindex: "-1", "data-row": id });
  group.append(element("rect", { class: "band", x: 0, y: y - ROW + 10, width: svg.getAttribute("width"), height: ROW }));
  if (one.folded) {
    group.append(element("text", { x: LEFT, y: y - 4, class: "label" }, `⋮ ${say(words.messages.folded, { count: one.folded.length })}`));
    return group;
  }
  const { message } = one;
  const from = columns.get(message.sender), to = columns.get(message.receiver);
  const kind = `${message.plane}${message.refusal ? " refused" : ""}`;
  const turn = from === to;
  group.append(element("path", { class: `arrow ${kind}`, d: turn ? `M${from} ${y - 10}h24v10h-20` : `M${from} ${y}H${to}`, ...(message.kind === "rpc" ? { "stroke-dasharray": "5 4" } : {}) }));
  const way = turn ? 1 : to > from ? -1 : 1, tip = turn ? from + 4 : to;
  group.append(element("path", { class: `arrow ${kind}`, d: `M${tip + 8 * way} ${y - 5}L${tip} ${y}L${tip + 8 * way} ${y + 5}` }));
  const refused = message.refusal ? ` ✕ ${message.refusal}` : "";
  const label = `${message.caption}［${message.article}］${refused}`;
  // Where the arrow is, and always in sight.
  const left = rowsBox.scrollLeft + 30, right = Math.max(left, rowsBox.scrollLeft + rowsBox.clientWidth - label.length * 14);
  const x = Math.min(right, Math.max(left, Math.min(from, to) + (turn ? 32 : 6)));
  group.append(element("text", { class: "label", x, y: y - 6 }, label));
  group.append(element("text", { class: "number", x: 6, y }, String(message.lamport)));
  group.setAttribute("aria-label", `${message.from} → ${message.to} ${message.what.join("・")} ${label}`);
  return group;
}

/** Bring an arrow into sight where the diagram is wider than its box. */
function reveal(message) {
  const from = columns.get(message?.sender), to = columns.get(message?.receiver);
  if (from === undefined || to === undefined) return;
  const width = rowsBox.clientWidth, left = Math.min(from, to) - 60, right = Math.max(from, to) + 60;
  if (left >= rowsBox.scrollLeft && right <= rowsBox.scrollLeft + width) return;
  rowsBox.scrollLeft = Math.max(0, right - left > width ? left : (left + right - width) / 2);
}

async function choose(id, focus = false) {
  if (id.startsWith("more-")) {
    opened.add(id.slice(5));
    lay();
    draw();
    return;
  }
  chosen = id;
  reveal(known.get(id));
  draw();
  if (focus) svg.querySelector(`[data-row="${id}"]`)?.focus({ preventScroll: true });
  await part(`/messages/${encodeURIComponent(id)}`, panel);
}

rowsBox.addEventListener("click", (event) => {
  const found = event.target.closest("[data-row]");
  if (found) choose(found.dataset.row, true);
});
rowsBox.addEventListener("keydown", (event) => {
  const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 };
  const ids = rows.map((one) => one.message?.id ?? `more-${one.of.id}`);
  const now = ids.indexOf(event.target.dataset?.row ?? chosen);
  let next = event.key in moves ? now + moves[event.key] : event.key === "Home" ? 0 : event.key === "End" ? ids.length - 1 : null;
  if (event.key === "Enter" && event.target.dataset?.row?.startsWith("more-")) next = now;
  if (next === null || !ids.length) return;
  event.preventDefault();
  follow.checked = false;
  next = Math.max(0, Math.min(ids.length - 1, next));
  const top = next * ROW;
  if (top < rowsBox.scrollTop || top > rowsBox.scrollTop + rowsBox.clientHeight - 2 * ROW) rowsBox.scrollTop = Math.max(0, top - rowsBox.clientHeight / 2);
  choose(event.key === "Enter" ? event.target.dataset.row : ids[next].startsWith("more-") ? ids[next] : ids[next], true);
});
rowsBox.addEventListener("scroll", () => {
  namesBox.scrollLeft = rowsBox.scrollLeft;
  draw();
});
rowsBox.addEventListener("wheel", () => (follow.checked = false), { passive: true });
fold.addEventListener("change", () => (opened.clear(), lay(), draw()));
follow.addEventListener("change", later);
panel.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-message]");
  if (!link) return;
  event.preventDefault();
  choose(link.dataset.message);
});

async function load(extra = {}) {
  const wanted = new URLSearchParams(query);
  for (const [key, value] of Object.entries(extra)) wanted.set(key, value);
  const answer = await fetch(`/api/messages?${wanted}`);
  if (!answer.ok) return;
  const found = await answer.json();
  counted = found.total;
  earlier.hidden = found.messages.length + messages.length >= found.total;
  add(found.messages);
}
earlier.addEventListener("click", () => {
  follow.checked = false;
  load({ before: messages[0]?.sort ?? "" });
});

let asked = 0;
news.addEventListener("messages", ({ detail }) => {
  if (query.get("person")) {
    // Only the nodes know whom a message is about: the list is read again, once things have come to rest a little.
    clearTimeout(asked);
    asked = setTimeout(load, 700);
    return;
  }
  const found = detail.filter(matches).filter((message) => !known.has(message.id));
  counted += found.length;
  if (found.length) add(found);
});
load();
new ResizeObserver(draw).observe(rowsBox);
