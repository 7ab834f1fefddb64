// A character model: an LSTM, a linear layer and softmax, written out. node lstm.js
// With the argument wrong, the derivative of tanh(c) is left out.
'use strict';

const text = 'hello, world', symbols = [...new Set(text)], X = symbols.length, H = 4;
const ids = [...text].map(s => symbols.indexOf(s));

let seed = 2024;
function uniform() { // from -1 to 1
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2147483648 - 1;
}
const matrix = (rows, columns, draw) => Array.from({ length: rows }, () => Array.from({ length: columns }, draw));
const sigmoid = z => 1 / (1 + Math.exp(-z));

// Columns of Wx, Wh and b: i f o g.
const params = { Wx: matrix(X, 4 * H, uniform), Wh: matrix(H, 4 * H, uniform), b: matrix(1, 4 * H, uniform)[0],
  Why: matrix(H, X, uniform), by: matrix(1, X, uniform)[0] };

function forward() {
  const p = params, steps = [];
  let h = new Array(H).fill(0), c = new Array(H).fill(0), loss = 0;
  for (let t = 0; t + 1 < ids.length; t++) {
    const hPrev = h, cPrev = c;
    const z = p.b.map((b, j) => hPrev.reduce((sum, v, k) => sum + v * p.Wh[k][j], b + p.Wx[ids[t]][j]));
    const i = z.slice(0, H).map(sigmoid), f = z.slice(H, 2 * H).map(sigmoid), o = z.slice(2 * H, 3 * H).map(sigmoid);
    const g = z.slice(3 * H).map(Math.tanh);
    c = cPrev.map((v, j) => f[j] * v + i[j] * g[j]);
    h = c.map((v, j) => o[j] * Math.tanh(v));
    const e = p.by.map((b, k) => Math.exp(h.reduce((sum, v, j) => sum + v * p.Why[j][k], b)));
    const total = e.reduce((a, b) => a + b), prob = e.map(v => v / total);
    loss -= Math.log(prob[ids[t + 1]]);
    steps.push({ x: ids[t], target: ids[t + 1], hPrev, cPrev, i, f, o, g, c, h, prob });
  }
  return { loss, steps };
}

function backward(steps, wrong) {
  const p = params, grads = {};
  for (const [name, a] of Object.entries(p)) grads[name] = a.map(row => Array.isArray(row) ? row.map(() => 0) : 0);
  let dhNext = new Array(H).fill(0), dcNext = new Array(H).fill(0);
  for (const s of steps.reverse()) {
    const dy = s.prob.map((v, k) => v - (k === s.target ? 1 : 0));
    const dh = dhNext.map((v, j) => dy.reduce((sum, d, k) => sum + d * p.Why[j][k], v));
    const tc = s.c.map(Math.tanh);
    const dc = dcNext.map((v, j) => v + dh[j] * s.o[j] * (wrong ? 1 : 1 - tc[j] ** 2));
    const dz = [...dc.map((v, j) => v * s.g[j] * s.i[j] * (1 - s.i[j])),
      ...dc.map((v, j) => v * s.cPrev[j] * s.f[j] * (1 - s.f[j])),
      ...dh.map((v, j) => v * tc[j] * s.o[j] * (1 - s.o[j])),
      ...dc.map((v, j) => v * s.i[j] * (1 - s.g[j] ** 2))];
    dz.forEach((d, j) => {
      grads.b[j] += d;
      grads.Wx[s.x][j] += d;
      s.hPrev.forEach((v, k) => { grads.Wh[k][j] += v * d; });
    });
    dy.forEach((d, k) => {
      grads.by[k] += d;
      s.h.forEach((v, j) => { grads.Why[j][k] += v * d; });
    });
    dhNext = p.Wh.map(row => dz.reduce((sum, d, j) => sum + d * row[j], 0));
    dcNext = dc.map((v, j) => v * s.f[j]);
  }
  return grads;
}

function serve(loss, params, grads, value, lstm) { // value: the loss that came with grads; lstm: of an LSTM { x, target }
  const plain = (_, v) => ArrayBuffer.isView(v) ? Array.from(v) : typeof v === 'number' && !Number.isFinite(v) ? String(v) : v;
  console.log(JSON.stringify({ loss: value, params, grads, ...lstm }, plain));
  require('readline').createInterface({ input: process.stdin }).on('line', line => {
    const [word, name, index, number] = line.split(' ');
    if (word !== 'set') return console.log(String(loss()));
    const p = params[name], columns = p[0].length;
    if (columns) p[Math.floor(index / columns)][index % columns] = Number(number);
    else p[index] = Number(number);
  });
}

const { loss, steps } = forward();
serve(() => forward().loss, params, backward(steps, process.argv[2] === 'wrong'), loss);
