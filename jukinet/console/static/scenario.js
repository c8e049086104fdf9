// The player: buttons and keys post, and the page is drawn anew whenever the stage has moved.
import { news, part, post } from "/static/page.js";

const box = document.getElementById("scenario"), name = box.dataset.name;
let drawn = "", notes = false, asking = false;

async function act(what, values = {}) {
  if (what === "open") await post(`/scenarios/${name}/open`);
  else await post(`/stage/${what}`, values);
}

async function draw(stage) {
  const key = JSON.stringify(stage);
  if (asking || key === drawn) return;
  asking = true;
  const focused = document.activeElement?.dataset?.act;
  const open = [...box.querySelectorAll(".next details")].some((one) => one.open);
  if (await part(`/scenarios/${name}/part`, box)) {
    drawn = key;
    show();
    if (open) box.querySelector(".next details")?.setAttribute("open", "");
    if (focused) box.querySelector(`[data-act="${focused}"]`)?.focus();
  }
  asking = false;
}

function show() {
  for (const note of box.querySelectorAll(".notes")) note.hidden = !notes;
  const box_ = document.getElementById("notes");
  if (box_) box_.checked = notes;
}

let latest = null;
news.addEventListener("stage", async ({ detail: stage }) => {
  latest = stage;
  await draw(stage);
  if (latest !== stage) draw(latest);
});

box.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button) act(button.dataset.act);
});
box.addEventListener("change", (event) => {
  if (event.target.id === "notes") {
    notes = event.target.checked;
    show();
  } else if (event.target.dataset.act === "speed") act("speed", { speed: event.target.value });
});

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea, button, a, summary") || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = { ArrowRight: "step", ArrowLeft: "back" };
  const what = event.key === " " ? (box.querySelector('[data-act="pause"]') ? "pause" : "play") : keys[event.key];
  const button = what && box.querySelector(`button[data-act="${what}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  act(what);
});
