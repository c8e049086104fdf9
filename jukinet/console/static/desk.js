// A desk: each form is sent once, its outcome shown above, and the desk drawn anew after an act.
import { part } from "/static/page.js";

const outcome = document.getElementById("outcome"), desk = document.getElementById("desk");
const base = location.pathname;
let busy = false;

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form.act")) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  const buttons = [...form.querySelectorAll("button")];
  for (const one of buttons) one.disabled = true;
  const body = new URLSearchParams(new FormData(form));
  // Answered, yes or no, it is over; unanswered, the same id makes another try harmless.
  if (await part(`${base}/${form.dataset.act}`, outcome, { method: "POST", body })) renew(form);
  if (outcome.querySelector("[data-done]") && desk) await part(location.href, desk);
  for (const one of buttons) one.disabled = false;
  busy = false;
  outcome.focus();
  outcome.scrollIntoView({ block: "nearest" });
});

// What is changed is another act: the same id would give the answer of the one before.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.act");
  if (form) renew(form);
});

function renew(form) {
  form.querySelector("[name=request_id]").value = crypto.randomUUID();
}
