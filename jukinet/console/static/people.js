// People: one of those found is opened, and the page of one follows the messages.
import { news, part, post } from "/static/page.js";

document.getElementById("found")?.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-resident]");
  if (!button) return;
  // Sent as a form and not as an address: an address says neither number nor name.
  const told = await post("/people", { node: button.dataset.node, resident: button.dataset.resident });
  if (told) location.assign(told.go);
});

const box = document.getElementById("person");
let asked = 0;
if (box) {
  news.addEventListener("messages", () => {
    clearTimeout(asked);
    asked = setTimeout(() => part(`/people/${box.dataset.key}`, box), 700);
  });
}
