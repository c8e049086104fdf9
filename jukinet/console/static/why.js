// Evidence counted anew: when asked, or every so often while the page is in sight. Every reading has the nodes read their logs.
import { part } from "/static/page.js";

const EVERY = 15000;
const box = document.getElementById("points"), again = document.getElementById("again"), auto = document.getElementById("auto");
let reading = false;

async function read() {
  if (reading) return;
  reading = again.disabled = true;
  await part("/why", box);
  reading = again.disabled = false;
}

again.addEventListener("click", read);
auto.addEventListener("click", () => {
  const on = auto.getAttribute("aria-pressed") !== "true";
  auto.setAttribute("aria-pressed", String(on));
  if (on) read();
});
setInterval(() => {
  if (auto.getAttribute("aria-pressed") === "true" && !document.hidden) read();
}, EVERY);
