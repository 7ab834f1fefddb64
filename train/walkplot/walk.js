// This script walks through the numbers in the element walk-data. It computes none of them: it looks them up, and writes
// them where the page has the numbers of the first step.
"use strict";
{
const data = JSON.parse(document.getElementById("walk-data").textContent);
const $ = id => document.getElementById(id);
const root = $("walk-way");
const all = (selector, from = root) => [...from.querySelectorAll(selector)];
const svg = name => document.createElementNS(document.querySelector("svg").namespaceURI, name);
const at = {unit: data.unit, step: data.step, item: data.cases ? data.cases[0] : null};

// text writes a number with four digits, as the program does. A whole number has no point, and bare leaves out zeros at
// the end.
const sup = e => String(e).replace(/./g, c => c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]);
function text(v, bare) {
  if (v == null) return "–";
  const sign = v < 0 ? "−" : "", a = Number(Math.abs(v).toPrecision(4));
  const [m, e] = a.toExponential(3).split("e");
  if (a && (e >= 6 || e <= -4)) return sign + (bare ? Number(m) === 1 ? "" : Number(m) + "·" : m + "·") + "10" + sup(Number(e));
  const [whole, rest] = (bare || Number.isInteger(a) ? String(a) : a.toFixed(Math.max(0, 3 - e))).split(".");
  return sign + whole.replace(/\B(?=(...)+$)/g, ",") + (rest ? "." + rest : "");
}

const count = n => String(n).replace(/\B(?=(...)+$)/g, ",");

// number looks up a number: of the case, or if it is right or has none, of the walk. The rows of c, dhn and dcn begin
// with the state before the first step, so cp, dhp and dcp are one place to the left of them.
const earlier = {cp: "c", dhp: "dhn", dcp: "dcn"}, longer = {c: 1, dhn: 1, dcn: 1};
function rows(name, item) {
  return item && item.values && item.values[name] || data.values[name] || [];
}
function number(name, row, step, item) {
  const r = rows(earlier[name] || name, item)[row];
  return r ? r[step + (longer[name] || 0)] : null;
}
const state = (item, name, row, step) => item && item.states && item.states[name] && item.states[name][row] ? item.states[name][row][step] : "0";

// joined writes the numbers of the outputs, as many as have room.
function joined(name, item) {
  const some = rows(name, item).map((_, k) => number(name, k, at.step, item)).filter(v => v != null).map(v => text(v));
  let all = some[0] || "–";
  for (const next of some.slice(1)) {
    if ((all + ", " + next).length > 14) return all + ", …";
    all += ", " + next;
  }
  return all;
}

// value writes a number or a name of the current step.
function value(name, item) {
  const t = data.first + at.step, last = t === data.whole - 1;
  switch (name) {
  case "step": return count(t);
  case "next": return count(t + 1);
  case "unit": return String(data.units[at.unit]);
  case "before": case "back": return t ? "to step " + count(t - 1) : "to the initial state";
  case "from": return t ? "from step " + count(t - 1) : "of the initial state";
  case "after": return last ? "(last step)" : "to step " + count(t + 1);
  case "later": return last ? "nothing later" : "from step " + count(t + 1);
  case "in": return data.in[at.step];
  case "target": return !data.has[at.step] ? "no target" : data.sum ? data.sum : "target " + (data.out ? data.out[at.step] : joined("target", item));
  case "y": case "dy": return joined(name, item);
  case "ri": case "rf": case "ro": case "rg": return rest(name[1], item);
  }
  return text(number(name, at.unit, at.step, item));
}

// rest writes what a gate leaves of 1. If the gate looks like 1, the program has computed it.
function rest(name, item) {
  const less = data.rest && data.rest[`${name} ${at.unit} ${at.step}`], v = text(number(name, at.unit, at.step, item));
  if (less != null) return text(less);
  return "(1\u00a0−\u00a0" + (name !== "g" ? v : v[0] === "−" ? `(${v})²` : v + "²") + ")";
}

// phase says what happens to the unit at the step.
function phase() {
  const s = data.spots[at.unit], t = data.first + at.step;
  if (t === s.written) return s.empty ? "empty" : t === s.read ? "both" : "written";
  if (t === s.also) return "written";
  if (t === s.read) return "read";
  if (t < s.written) return "before";
  if (t > s.read) return "after";
  return number("f", at.unit, at.step, at.item) >= 0.9 ? "kept" : "fades";
}

const lastStep = data.steps - 1;
const percent = x => 100 * x / data.steps + "%";

// bar draws a number of the timeline, and tick the right one.
function bar(t, v, scale, gate) {
  v = cut(v / scale);
  if (!(Math.abs(v) > 0.004)) return "";
  return "M" + (t + 0.1) + (gate ? " 2h.8v" + -2 * v : " 1h.8v" + -v) + "h-.8z";
}
const tick = (t, v, scale, gate) => "M" + (t + 0.1) + " " + (gate ? 2 - 2 * cut(v / scale, edge) : 1 - cut(v / scale, edge)) + "h.8";
const cut = (v, most = 1) => Math.max(-most, Math.min(most, v || 0));
const edge = 0.96, full = 0.7; // the greatest place of a mark, and the height of a bar for all numbers

// limit returns the number that fills a strip: the largest, or 3 times the 90th percentile if that is less.
function limit(sizes) {
  sizes.sort((a, b) => a - b);
  const most = sizes[sizes.length - 1] || 0, usual = 3 * (sizes[Math.floor(sizes.length * 9 / 10)] || 0);
  return usual > 0 && usual < most ? [usual, "≤ " + text(most) + ", cut"] : [most, "≤ " + text(most)];
}

// drawStrips draws the strips of the unit.
function drawStrips() {
  for (const svg of all("svg[data-row]")) {
    const name = svg.dataset.row, gate = svg.dataset.gate, index = svg.dataset.index < 0 ? at.unit : Number(svg.dataset.index);
    let bars = "", off = "", should = "";
    const sizes = [];
    for (let t = 0; t < data.steps; t++)
      for (const v of [number(name, index, t, at.item), number(name, index, t, null)]) if (v != null) sizes.push(Math.abs(v));
    const [limited, most] = limit(sizes), scale = gate ? 1 : limited || 1;
    for (let t = 0; t < data.steps; t++) {
      const drawn = bar(t, number(name, index, t, at.item), scale, gate);
      if (state(at.item, name, index, t) === "0") bars += drawn;
      else { off += drawn; should += tick(t, number(name, index, t, null), scale, gate); }
    }
    svg.querySelector(".bars").setAttribute("d", bars);
    svg.querySelector(".off").setAttribute("d", off);
    svg.querySelector(".should").setAttribute("d", should);
    if (!gate) svg.nextElementSibling.nextElementSibling.textContent = most;
  }
  for (const svg of all("svg[data-share]")) {
    let bars = "", broken = "";
    const states = at.item.states && at.item.states[svg.dataset.share] || [];
    for (let t = 0; t < data.steps; t++) {
      const [off, n] = wrong(svg.dataset.share, t);
      bars += bar(t, full * off / Math.max(1, n), 1, true);
      if (states.some(s => s[t] === "2")) broken += tick(t, 1, 1, true);
    }
    svg.querySelector(".off").setAttribute("d", bars);
    svg.querySelector(".broken").setAttribute("d", broken);
  }
  const s = data.spots[at.unit], w = s.written - data.first, r = s.read - data.first;
  const mark = (id, t, says) => {
    const x = Math.min(data.steps, Math.max(0, t + 0.5));
    $(id).setAttribute("x", percent(x));
    $(id).setAttribute("text-anchor", 2 * t > data.steps ? "end" : "start");
    $(id).textContent = says;
    return percent(x);
  };
  const both = s.written === s.read;
  $("walk-line").setAttribute("x1", mark("walk-w", w, both ? "" : s.writes));
  $("walk-line").setAttribute("x2", mark("walk-r", r, (both ? "written and read here: " : "read here: ") + count(s.read)));
  $("walk-k").setAttribute("x", percent((w + r + 1) / 2));
  $("walk-k").textContent = s.keeps || "";
  $("walk-w").setAttribute("y", s.keeps ? 11 : 24);
  for (const svg of all("svg[data-row]"))
    svg.querySelectorAll("rect.spot").forEach((rect, k) => rect.setAttribute("x", [w, r, s.also < 0 ? -1 : s.also - data.first][k]));
  $("walk-spot").textContent = s.says;
}

// wrong counts the wrong numbers of a name at a step.
function wrong(name, t) {
  const states = at.item && at.item.states && at.item.states[name] || [];
  return [states.filter(s => s[t] !== "0").length, states.length];
}

// spread says how far the mistake has spread.
const way = ["dy", "dh", "dzo", "dc", "dzi", "dzf", "dzg", "dcp", "dhp"];
function spread() {
  if (at.item.note) return at.item.note;
  if (!at.item.begin) return "No number of the way back is wrong.";
  let now, of, off = 0, n = 0;
  for (let t = lastStep; t >= at.step; t--) {
    now = of = 0;
    for (const name of way) { const [o, k] = wrong(name, t); now += o; of += k; }
    off += now; n += of;
  }
  return `${at.item.says} At step ${count(data.first + at.step)}, ${count(now)} of ${count(of)} numbers are wrong.` + (at.step < lastStep ? ` From the last step to here, ${count(off)} of ${count(n)} are.` : "");
}

// worstState returns the worst state of the numbers of the unit at the step, or of all outputs.
function worstState(name) {
  const next = {dcn: "dcp", dhn: "dhp"}[name]; // the next step computes it
  const states = at.item && at.item.states && at.item.states[next || name] || [], t = at.step + (next ? 1 : 0);
  return states.filter((_, row) => name === "y" || name === "dy" || row === at.unit).map(s => s[t] || "0").sort().pop() || "0";
}

// pair writes two numbers that stand beside each other, as the program does.
function pair(is, be) {
  const a = text(is), b = text(be), large = Math.max(Math.abs(is), Math.abs(be)), small = Math.min(Math.abs(is), Math.abs(be));
  if (is == null || be == null || a.includes("10⁻") === b.includes("10⁻") || !(small > large / 100)) return [a, b];
  const k = Number(large.toExponential(3).split("e")[1]);
  return [is, be].map(v => text(v * 10 ** -k, true) + "·10" + sup(k));
}

// drawNames writes the texts that differ from case to case.
function drawNames() {
  const names = {...data.names, ...at.item.names};
  for (const e of all("[data-name]")) if (e.textContent !== names[e.dataset.name]) e.textContent = names[e.dataset.name];
  root.classList.toggle("differs", !!at.item.another);
  root.classList.toggle("plain", !at.item.states);
}

const marks = {0: "right", 1: "wrong: inherited", 2: "wrong: this line"};
function drawMarks() {
  for (const tr of all("tr[data-line]")) {
    const name = tr.dataset.line, worst = worstState(name), b = at.item.begin;
    const first = b && b.name === name && b.step === at.step && (name === "dy" || b.row === at.unit);
    const both = name === "dy" ? [joined(name, at.item), joined(name, null)] : pair(number(name, at.unit, at.step, at.item), number(name, at.unit, at.step, null));
    [".walk-is", ".walk-be"].forEach((cell, k) => tr.querySelector(cell).textContent = both[k]);
    tr.className = worst === "0" ? "" : first ? "off begin" : "off";
    tr.querySelector(".walk-mark").textContent = at.item.another ? (worst === "0" ? "the same" : "differs") : first ? "wrong here first" :
      (name === "dcp" || name === "dhp") && number(name, at.unit, at.step, at.item) == null ? "not given" : marks[worst];
  }
  for (const svg of all("svg[data-share]")) svg.nextElementSibling.textContent = wrong(svg.dataset.share, at.step).join(" of ");
  $("walk-spread").textContent = spread();
}

// show writes the numbers of the unit and the step. redraw says that the unit or the case is another.
function show(redraw) {
  if (redraw) drawStrips();
  if (redraw && at.item) drawNames();
  for (const e of all("[data-v]")) {
    e.textContent = value(e.dataset.v, at.item);
    e.classList.toggle("neg", e.textContent[0] === "−");
    e.classList.toggle("off", worstState(e.dataset.v) !== "0");
  }
  for (const e of all("[data-b]")) e.textContent = value(e.dataset.b, null);
  const t = data.first + at.step, last = t === data.whole - 1, has = data.has[at.step];
  const when = {[phase()]: 1, [last ? "last" : "inner"]: 1, [has ? "target" : "blind"]: 1, broken: worstState("dh") === "2" || worstState("dc") === "2"};
  when[worstState("dcp") === "2" ? "instead" : "times"] = 1;
  when.dhback = worstState("dhp") === "2";
  for (const e of all("[data-when]")) e.hidden = !when[e.dataset.when];
  for (const svg of all("svg[data-row]")) {
    const index = svg.dataset.index < 0 ? at.unit : Number(svg.dataset.index);
    svg.nextElementSibling.textContent = text(number(svg.dataset.row, index, at.step, at.item));
  }
  for (const rect of all("rect.at")) rect.setAttribute("x", rect.closest(".walk-letters") ? percent(at.step) : at.step);
  if (at.item) drawMarks();
  $("walk-step").value = at.step;
  $("walk-step").setAttribute("aria-valuetext", "step " + count(t));
  $("walk-unit").value = at.unit;
}

// say tells a screen reader what the page shows.
const says = $("walk-says"), live = $("walk-live"), spreads = $("walk-spread");
let saying;
function say() {
  clearTimeout(saying);
  saying = setTimeout(() => live.textContent = says.innerText + (at.item ? " " + spreads.textContent : ""), 300);
}

function go(step) {
  at.step = Math.min(lastStep, Math.max(0, step));
  show(false);
  say();
}

// begin goes to the place where the case goes wrong first.
function begin() {
  const b = at.item && at.item.begin, button = root.querySelector('[data-go="begin"]');
  if (button) button.hidden = !b;
  if (b && b.name !== "dy") at.unit = b.row;
  at.step = b ? b.step : data.step;
  show(true);
}

for (const e of all(".walk-tools")) e.hidden = false;
$("walk-step").addEventListener("input", e => go(Number(e.target.value)));
$("walk-unit").addEventListener("change", e => { at.unit = Number(e.target.value); show(true); say(); });
for (const button of all("[data-go]")) button.addEventListener("click", () => {
  const to = button.dataset.go, s = data.spots[at.unit];
  if (to === "begin") { begin(); say(); }
  else if (to === "written") go((s.also >= 0 && data.first + at.step === s.written ? s.also : s.written) - data.first); // there and back
  else go(to === "read" ? s.read - data.first : at.step + Number(to));
});
root.addEventListener("keydown", e => {
  if (e.target.closest("input, select") || e.altKey || e.ctrlKey || e.metaKey) return;
  const step = {ArrowLeft: at.step - 1, ArrowRight: at.step + 1, Home: 0, End: lastStep}[e.key];
  if (step !== undefined) { e.preventDefault(); go(step); }
});
for (const svg of all(".walk-strips svg:not(.walk-band)")) svg.addEventListener("click", e => {
  const box = svg.getBoundingClientRect();
  go(Math.floor((e.clientX - box.left) / box.width * data.steps));
});
// The page of the museum chooses a case.
root.addEventListener("walk-case", e => { at.item = data.cases[e.detail]; at.unit = data.unit; begin(); });

// What stands below the walk is not there yet.
function parsed(start) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}

// The step size: the chord moves on the curve of the loss, and the point on the picture of the errors.
parsed(() => {
  if (!$("delta-data")) return;
  const d = JSON.parse($("delta-data").textContent), block = $("delta"), end = d.at.length - 1, size = $("delta-size");
  const line = points => points.map(([x, y], n) => (n ? "L" : "M") + x.toFixed(2) + " " + y.toFixed(2)).join("");
  const errors = block.querySelector("[data-frame]"), dots = block.querySelectorAll(".dotted");
  let from;
  function move() {
    const k = end - size.value, up = d.up[k], down = d.down[k], delta = d.at[k];
    const most = Math.max(Math.abs(d.gradient * delta), Math.abs(up), Math.abs(down), Number.MIN_VALUE);
    const point = (x, y) => [d.wide / 2 * (1 + x / delta / 1.25), d.high / 2 * (1 - y / most / 1.25)];
    const curve = d.x.map((x, n) => [x, d.y[n]]).filter(p => Math.abs(p[0]) <= delta);
    $("delta-curve").setAttribute("d", line(curve.map(p => point(...p))));
    $("delta-tangent").setAttribute("d", line([-1.2, 1.2].map(x => point(x * delta, x * delta * d.gradient))));
    $("delta-chord").setAttribute("d", line([point(-delta, down), point(delta, up)]));
    for (const e of all("[data-d]", block)) e.textContent = text(d[e.dataset.d][k], true);
    size.setAttribute("aria-valuetext", "δ = " + text(delta, true));
    if (!errors) return;
    const [left, top, w, h, x0, x1, y0, y1] = errors.dataset.frame.split(" ").map(Number);
    const part = (v, from, to) => Math.max(0, Math.min(1, (Math.log10(Math.max(v, 1e-300)) - from) / (to - from)));
    const to = [left + w * part(delta, x0, x1), top + h * (1 - part(d.off[k], y0, y1))];
    from ||= to;
    for (const e of dots) e.setAttribute("transform", `translate(${to[0] - from[0]} ${to[1] - from[1]})`);
  }
  for (const e of all(".walk-tools", block)) e.hidden = false;
  size.addEventListener("input", move);
  move();
});
}
