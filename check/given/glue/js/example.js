// Three tanh neurons and their sum. node example.js, or node example.js wrong
'use strict';
const serve = require('./serve.js');

const x = [[0.5, -1.2], [1.5, 0.3]], t = [0.4, -1.0];
const params = { W: [[0.8, -0.4], [0.3, 0.9], [-0.7, 0.2]], b: [0.1, -0.2, 0.05], v: [1.1, -0.6, 0.7] };
const grads = { W: [[0, 0], [0, 0], [0, 0]], b: [0, 0, 0], v: [0, 0, 0] };

function forward() {
  const a = x.map(([x0, x1]) => params.W.map(([w0, w1], j) => Math.tanh(w0 * x0 + w1 * x1 + params.b[j])));
  const y = a.map(row => row.reduce((sum, v, j) => sum + v * params.v[j], 0));
  return { a, y, loss: y.reduce((sum, v, n) => sum + 0.5 * (v - t[n]) ** 2, 0) };
}

const { a, y, loss } = forward();
y.forEach((v, n) => a[n].forEach((aj, j) => {
  const dy = v - t[n];
  let dz = dy * params.v[j];
  if (process.argv[2] !== 'wrong') dz *= 1 - aj * aj;
  grads.v[j] += dy * aj;
  grads.b[j] += dz;
  x[n].forEach((xk, k) => { grads.W[j][k] += dz * xk; });
}));
serve(() => forward().loss, params, grads, loss);
