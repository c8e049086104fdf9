// The network: states colour nodes and links, each message runs along its link. What is drawn is bounded, whatever comes.
import { news, post, say, words } from "/static/page.js";

const MOST_DOTS = 60, DOT_MS = 900, RECENT = 8, NS = "http://www.w3.org/2000/svg";
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const pictures = [...document.querySelectorAll(".network svg")].map((svg) => ({
  svg,
  dots: svg.querySelector(".dots"),
  links: svg.querySelector(".links"),
  places: new Map([...svg.querySelectorAll(".node")].map((node) => [node.dataset.path, node])),
  lines: new Map([...svg.querySelectorAll(".link")].map((line) => [`${line.dataset.one} ${line.dataset.other}`, line])),
}));
const rows = new Map([...document.querySelectorAll("#states tr[data-path]")].map((row) => [row.dataset.path, row]));
const names = new Map([...rows].map(([path, row]) => [path, row.querySelector("a").textContent]));
const traffic = new Map(); // link → messages since the last second
let arrived = 0;
let flying = [];

const mapBox = document.getElementById("map-box"), tree = document.getElementById("tree");
const showTree = document.getElementById("show-tree"), showMap = document.getElementById("show-map");
function show(map) {
  mapBox.hidden = !map;
  tree.toggleAttribute("hidden", map);
  showTree.setAttribute("aria-pressed", String(!map));
  showMap.setAttribute("aria-pressed", String(map));
}
showTree.addEventListener("click", () => show(false));
showMap.addEventListener("click", () => show(true));

for (const button of document.querySelectorAll("button.fold")) {
  button.addEventListener("click", () => {
    const opened = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(opened));
    for (const one of document.querySelectorAll(`.network [data-group="${button.dataset.group}"]`)) one.toggleAttribute("hidden", !opened);
    if (opened) post("/unfold", { path: button.dataset.group });
  });
}

news.addEventListener("states", ({ detail: states }) => {
  for (const state of Object.values(states)) {
    const figures = state.figures, waiting = (figures.pending ?? 0) + (figures.backlog ?? 0);
    const shown = words.state[state.state] ?? state.state;
    for (const picture of pictures) {
      const node = picture.places.get(state.path);
      if (!node) continue;
      node.classList.remove("unknown", "SERVING", "DOWN", "NOT_SERVING", "STARTING", "RECOVERING", "EXTERNAL");
      node.classList.add(state.state);
      node.querySelector(".lock").classList.toggle("open", state.state !== "SERVING");
      node.querySelector(".count").textContent = waiting ? say(words.network.backlog, { count: waiting }) : "";
      node.setAttribute("aria-label", `${state.name} ${shown}${waiting ? " " + say(words.network.backlog, { count: waiting }) : ""}`);
      for (const link of state.links) colour(picture, state.path, link);
    }
    const row = rows.get(state.path);
    if (!row) continue;
    row.querySelector(".state").textContent = shown;
    row.querySelector(".state").className = `state ${state.state === "SERVING" ? "good" : "bad"}`;
    row.querySelector(".live").textContent = figures.live?.toLocaleString() ?? "";
    row.querySelector(".waiting").textContent = waiting || "";
    row.querySelector(".quarantined").textContent = figures.quarantined || "";
  }
});

function lineOf(picture, one, other, plane) {
  const found = picture.lines.get(`${one} ${other}`) ?? picture.lines.get(`${other} ${one}`);
  if (found) return found;
  const from = picture.places.get(one), to = picture.places.get(other);
  if (!from || !to) return null;
  const line = document.createElementNS(NS, "path");
  const [x, y, u, v] = [from.dataset.x, from.dataset.y, to.dataset.x, to.dataset.y].map(Number);
  const sag = plane === "horizontal" ? 60 + Math.abs(u - x) * 0.12 : -40;
  line.setAttribute("d", `M${x} ${y}Q${(x + u) / 2} ${(y + v) / 2 + sag} ${u} ${v}`);
  line.setAttribute("class", `link ${plane}`);
  picture.links.append(line);
  picture.lines.set(`${one} ${other}`, line);
  return line;
}

function planeOf(one, other) {
  const kinds = [one.split("/")[0], other.split("/")[0]];
  if (kinds.every((kind) => kind === "municipality")) return "horizontal";
  return kinds.includes("municipality") && kinds.includes("jlis") ? "direct" : "vertical";
}

function colour(picture, path, link) {
  const line = lineOf(picture, path, link.peer, planeOf(path, link.peer));
  if (!line) return;
  const stuck = link.state === "RETRYING" || link.state === "STOPPED";
  line.classList.toggle("waiting", link.backlog > 0 && !stuck);
  line.classList.toggle("stopped", stuck && (link.backlog > 0 || link.state === "STOPPED"));
}

const recent = document.getElementById("recent");
news.addEventListener("messages", ({ detail: messages }) => {
  arrived += messages.length;
  for (const message of messages.slice(-MOST_DOTS)) {
    const key = `${message.sender} ${message.receiver}`;
    traffic.set(key, (traffic.get(key) ?? 0) + 1);
    if (message.plane !== "counter") fly(message);
  }
  for (const message of messages.slice(-RECENT)) {
    const item = document.createElement("li");
    item.textContent = `${name(message.sender)} → ${name(message.receiver)}　${message.caption}`;
    recent.prepend(item);
  }
  while (recent.children.length > RECENT) recent.lastChild.remove();
});

function name(path) {
  return names.get(path) ?? path.split("/").slice(0, 2).join("/");
}

function fly(message) {
  for (const picture of pictures) {
    const line = lineOf(picture, message.sender, message.receiver, message.plane);
    if (!line || line.hasAttribute("hidden") || picture.svg.closest("[hidden]") || still) continue;
    if (flying.length >= MOST_DOTS) return;
    const dot = document.createElementNS(NS, "circle");
    dot.setAttribute("r", picture.svg.id === "map" ? "5" : "7");
    dot.setAttribute("class", `dot ${message.plane}`);
    picture.dots.append(dot);
    const length = line.getTotalLength();
    const back = Boolean(picture.lines.get(`${message.receiver} ${message.sender}`)) && !picture.lines.get(`${message.sender} ${message.receiver}`);
    flying.push({ dot, line, length, back, begun: performance.now() });
    if (flying.length === 1) requestAnimationFrame(frame);
  }
}

function frame(now) {
  flying = flying.filter((one) => {
    const share = Math.min(1, Math.max(0, (now - one.begun) / DOT_MS));
    if (share >= 1) {
      one.dot.remove();
      return false;
    }
    const point = one.line.getPointAtLength(one.length * (one.back ? 1 - share : share));
    one.dot.setAttribute("cx", point.x);
    one.dot.setAttribute("cy", point.y);
    return true;
  });
  if (flying.length) requestAnimationFrame(frame);
}

const rate = document.getElementById("rate");
setInterval(() => {
  rate.textContent = arrived ? say(words.network.per_second, { count: arrived }) : "";
  arrived = 0;
  for (const picture of pictures) {
    for (const line of picture.svg.querySelectorAll(".link.busy")) line.classList.remove("busy");
    for (const [key, count] of traffic) {
      const [one, other] = key.split(" ");
      const line = picture.lines.get(key) ?? picture.lines.get(`${other} ${one}`);
      if (line && count) line.classList.add("busy");
    }
  }
  traffic.clear();
}, 1000);
