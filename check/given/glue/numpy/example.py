# Three tanh neurons and their sum. python3 example.py, or python3 example.py wrong
import sys
import numpy as np
from serve import serve

x, t = np.array([[0.5, -1.2], [1.5, 0.3]]), np.array([0.4, -1.0])
params = {"W": np.array([[0.8, -0.4], [0.3, 0.9], [-0.7, 0.2]]),
          "b": np.array([0.1, -0.2, 0.05]), "v": np.array([1.1, -0.6, 0.7])}

def forward():
    a = np.tanh(x @ params["W"].T + params["b"])
    y = a @ params["v"]
    return 0.5 * np.sum((y - t) ** 2), a, y

value, a, y = forward()
dy = y - t
dz = np.outer(dy, params["v"])
if "wrong" not in sys.argv:
    dz *= 1 - a ** 2
grads = {"W": dz.T @ x, "b": dz.sum(axis=0), "v": a.T @ dy}
serve(lambda: forward()[0], params, grads, value)
