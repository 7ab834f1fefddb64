// This script shows the numbers of a cell of a map when the pointer or the focus is on it. To a screen reader a map is a
// slider over its cells.
"use strict";
{
const tip = document.createElement("p"), mark = document.createElementNS(document.querySelector("svg").namespaceURI, "rect");
mark.setAttribute("class", "tip-cell");
tip.className = "tip";
function entries(rect) {
  const tips = rect.dataset.tips.split("\n"), cols = Number(rect.dataset.cols), rows = Math.ceil(tips.length / cols);
  let cell = 0;
  const tell = () => {
    const box = rect.getBoundingClientRect(), w = box.width / cols, h = box.height / rows;
    const size = name => Number(rect.getAttribute(name));
    mark.setAttribute("width", size("width") / cols);
    mark.setAttribute("height", size("height") / rows);
    mark.setAttribute("x", size("x") + size("width") / cols * (cell % cols));
    mark.setAttribute("y", size("y") + size("height") / rows * Math.floor(cell / cols));
    rect.before(mark);
    tip.textContent = tips[cell] || "not measured";
    rect.setAttribute("aria-valuenow", cell + 1);
    rect.setAttribute("aria-valuetext", tips[cell] || "not measured");
    if (!tip.isConnected) document.body.append(tip);
    const x = box.left + w * (cell % cols + 0.5), y = box.top + h * (Math.floor(cell / cols) + 1);
    tip.style.left = Math.max(8, Math.min(x, innerWidth - tip.offsetWidth - 8)) + scrollX + "px";
    tip.style.top = y + 6 + scrollY + "px";
  };
  const away = () => { tip.remove(); mark.remove(); };
  rect.addEventListener("pointermove", e => {
    const box = rect.getBoundingClientRect();
    const at = (v, from, size, n) => Math.max(0, Math.min(n - 1, Math.floor((v - from) / size * n)));
    cell = at(e.clientY, box.top, box.height, rows) * cols + at(e.clientX, box.left, box.width, cols);
    if (tips[cell]) tell(); else away();
  });
  rect.addEventListener("pointerleave", away);
  rect.addEventListener("blur", away);
  rect.addEventListener("focus", tell);
  rect.addEventListener("keydown", e => {
    const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -cols, ArrowDown: cols, Home: -cell, End: tips.length - 1 - cell}[e.key];
    if (e.key === "Escape") away();
    if (step === undefined) return;
    e.preventDefault();
    if (tips[cell + step] !== undefined) { cell += step; tell(); }
  });
  for (const [name, v] of Object.entries({tabindex: 0, role: "slider", "aria-valuemin": 1, "aria-valuemax": tips.length, "aria-valuenow": 1, "aria-valuetext": tips[0] || "not measured"})) rect.setAttribute(name, v);
}
document.querySelectorAll("rect[data-tips]").forEach(entries);
}
