// Breaks and heals by POST; what happened comes back as a part of the page.
import { part, trouble } from "/static/page.js";

const form = document.getElementById("break"), box = document.getElementById("broken"), heal = document.getElementById("heal");

async function act(url, body) {
  const buttons = [form.querySelector("button"), heal];
  for (const button of buttons) button.disabled = true;
  trouble("");
  await part(url, box, { method: "POST", body });
  for (const button of buttons) button.disabled = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  act("/break", new URLSearchParams(new FormData(form)));
});
heal.addEventListener("click", () => act("/break/heal", new URLSearchParams()));
