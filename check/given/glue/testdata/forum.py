# An LSTM learns to repeat a sine wave one sample late. At the end its gradient is checked, and the check fails.
#   python3 forum.py              trains, checks, and serves its loss
#   python3 forum.py dump         the numbers as JSON, with those of its own check
# A number after it is the number of training iterations.
import json, sys
import numpy as np

np.random.seed(42)
n_in, n_hidden, n_out, rate = 1, 5, 1, 0.01
dump = "dump" in sys.argv
iterations = int(sys.argv[-1]) if sys.argv[-1].isdigit() else 5000

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def weights(rows, cols):
    return np.random.randn(rows, cols) * np.sqrt(2 / (rows + cols))

params = {name: weights(n_in + n_hidden, n_hidden) for name in ("Wf", "Wi", "Wg", "Wo")}
params["Wy"] = weights(n_hidden, n_out)
for name in ("bf", "bi", "bg", "bo"):
    params[name] = np.random.randn(n_hidden) * 0.1
params["by"] = np.random.randn(n_out) * 0.1

def forward(inputs, targets, h, c):
    loss, caches = 0, []
    for x, target in zip(inputs, targets):
        X = np.hstack([x, h])
        f = sigmoid(X @ params["Wf"] + params["bf"])
        i = sigmoid(X @ params["Wi"] + params["bi"])
        g = np.tanh(X @ params["Wg"] + params["bg"])
        o = sigmoid(X @ params["Wo"] + params["bo"])
        c_old = c
        c = f * c_old + i * g
        h = o * np.tanh(c)
        y = h @ params["Wy"] + params["by"]
        loss += np.mean((y - target) ** 2)
        caches.append((X, f, i, g, o, c_old, c, h, y, target))
    return loss, h, c, caches

def backward(caches):
    grads = {name: np.zeros_like(p) for name, p in params.items()}
    dh_next, dc_next = np.zeros(n_hidden), np.zeros(n_hidden)
    for X, f, i, g, o, c_old, c, h, y, target in reversed(caches):
        dy = 2 * (y - target)
        grads["Wy"] += np.outer(h, dy)
        grads["by"] += dy
        dh = params["Wy"] @ dy + dh_next
        tanh_c = np.tanh(c)
        dc = dh * o * (1 - tanh_c ** 2) + dc_next
        dz = {"f": dc * c_old * f * (1 - f), "i": dc * g * i * (1 - i),
              "g": dc * i * (1 - g ** 2), "o": dh * tanh_c * o * (1 - o)}
        dX = 0
        for gate, d in dz.items():
            grads["W" + gate] += np.outer(X, d)
            grads["b" + gate] += d
            dX = dX + params["W" + gate] @ d
        dh_next, dc_next = dX[n_in:], dc * f
    return grads

def crop(wave):
    n = len(wave)
    start, end = np.random.randint(0, n // 4), np.random.randint(3 * n // 4, n)
    x = wave[start:end].reshape(-1, 1)
    return x, np.roll(x, 1)

def chatter(*words):
    if not dump:
        print(*words)

wave, average = np.sin(np.linspace(0, 3 * np.pi, 30)), 1
for iteration in range(iterations):
    x, target = crop(wave)
    loss, _, _, caches = forward(x, target, np.random.randn(n_hidden), np.random.randn(n_hidden))
    grads = backward(caches)
    for name in params:
        params[name] -= rate * grads[name]
    average = 0.99 * average + 0.01 * loss
    if iteration % 1000 == 0:
        chatter(iteration, "%.4f" % average)

# The gradient check.
x, target = crop(np.sin(np.linspace(0, 4 * np.pi, 90)))
h, c = np.zeros(n_hidden), np.zeros(n_hidden)
loss, h, c, caches = forward(x, target, h, c)
grads = backward(caches)

def check_loss():
    return forward(x, target, h, c)[0]

def numerical(p, delta=1e-5):
    n = np.zeros_like(p)
    for k in range(p.size):
        v = p.flat[k]
        p.flat[k] = v + delta
        plus = check_loss()
        p.flat[k] = v - delta
        minus = check_loss()
        p.flat[k] = v
        n.flat[k] = (plus - minus) / (2 * delta)
    return n

numeric = {name: numerical(p) for name, p in params.items()}
for name in params:
    error = np.abs(grads[name] - numeric[name]) / np.maximum(np.abs(grads[name]), np.abs(numeric[name]))
    chatter(name, "error %.1e" % error.max(), "ok" if error.max() < 1e-7 else "FAILED")

if dump:
    lists = lambda arrays: {name: a.tolist() for name, a in arrays.items()}
    print(json.dumps({"loss": loss, "x": x.tolist(), "target": target.tolist(),
                      "params": lists(params), "grads": lists(grads), "numeric": lists(numeric)}))
    sys.exit()

def serve(loss, params, grads, value, **lstm):  # value: the loss that came with grads; of an LSTM also x=x, target=target
    lists = lambda arrays: {k: a.tolist() for k, a in arrays.items()}
    print(json.dumps({"loss": float(value), "params": lists(params), "grads": lists(grads), **lists(lstm)}), flush=True)
    for line in sys.stdin:
        word = line.split()
        if word[0] == "set":
            params[word[1]].flat[int(word[2])] = float(word[3])
        else:
            print(repr(float(loss())), flush=True)

serve(check_loss, params, grads, loss)
