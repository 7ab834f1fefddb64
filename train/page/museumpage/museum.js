// This script shows the exhibit that is chosen. What it shows stands in the page, in a template for each exhibit.
"use strict";
{
const links = [...document.querySelectorAll("#museum-list a")], card = document.getElementById("museum-card");
// mark marks the exhibit that is chosen. The tab key stops there alone, and arrow keys go to the others.
function mark(link) {
  for (const a of links) {
    a.removeAttribute("aria-current");
    a.tabIndex = a === link ? 0 : -1;
  }
  link.setAttribute("aria-current", "true");
  reveal(link);
}

// reveal scrolls the list, and not the page, to a link.
function reveal(link) {
  const list = document.getElementById("museum-list"), box = link.getBoundingClientRect(), frame = list.getBoundingClientRect();
  if (box.top < frame.top || box.bottom > frame.bottom) list.scrollTop += box.top - frame.top - (frame.height - box.height) / 2;
}
function choose(name) {
  const link = links.find(a => a.hash === "#" + name), template = document.getElementById("card-" + name);
  if (!link || !template) return;
  mark(link);
  card.replaceChildren(template.content.cloneNode(true));
  document.getElementById("walk-way").dispatchEvent(new CustomEvent("walk-case", {detail: Number(link.dataset.case)}));
  document.getElementById("museum-live").textContent = [card.querySelector("h3"), card.querySelector(".museum-verdict")].map(e => e.textContent).join(". ");
}
for (const a of document.querySelectorAll("#museum-list a, #all a")) a.addEventListener("click", e => {
  e.preventDefault();
  try { history.replaceState(null, "", a.hash); } catch { /* a page within a page has no history */ }
  choose(a.hash.slice(1));
  if (a.closest("#all")) document.getElementById("exhibits").scrollIntoView();
});
document.getElementById("museum-list").addEventListener("keydown", e => {
  const at = links.indexOf(document.activeElement), to = {ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: links.length - 1}[e.key];
  if (at < 0 || to === undefined || !links[to]) return;
  e.preventDefault();
  links[to].focus();
  links[to].click();
});
addEventListener("hashchange", () => choose(location.hash.slice(1)));
mark(links.find(a => a.hasAttribute("aria-current")));
if (location.hash) choose(location.hash.slice(1));
}
