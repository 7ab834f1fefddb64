# An LSTM and a linear layer in NumPy, written out. Its gradient is right.
#   python3 lstm.py               serves its loss
#   python3 lstm.py wrong         with three mistakes in the backward pass
#   python3 lstm.py odd           with one that hardly anybody makes
#   python3 lstm.py wrong dump    the numbers as JSON; dz after it adds dz
import json, sys
import numpy as np

X, H, O, T = 3, 4, 2, 6
wrong, odd = "wrong" in sys.argv, "odd" in sys.argv
random = np.random.RandomState(1)
params = {name: random.randn(H, X + H) for name in ("Wi", "Wf", "Wo", "Wg")}  # columns: [x; h]
params |= {name: random.randn(H) for name in ("bi", "bf", "bo", "bg")}
params |= {"Wy": random.randn(O, H), "by": random.randn(O)}
x, target = random.randn(T, X), random.randn(T, O)
h0, c0 = 0.5 * random.randn(H), 0.5 * random.randn(H)

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def forward():
    p, h, c, loss, steps = params, h0, c0, 0, []
    for t in range(T):
        v, old = np.concatenate([x[t], h]), c
        i, f, o = (sigmoid(p["W" + a] @ v + p["b" + a]) for a in "ifo")
        g = np.tanh(p["Wg"] @ v + p["bg"])
        c = f * old + i * g
        h = o * np.tanh(c)
        y = p["Wy"] @ h + p["by"]
        loss += np.mean((y - target[t]) ** 2)
        steps.append((v, old, i, f, o, g, c, h, y))
    return loss, steps

def backward(steps):
    p, d = params, {name: np.zeros_like(a) for name, a in params.items()}
    all_dz = {"d" + a: [None] * T for a in "ifog"}
    dh_next, dc_next = np.zeros(H), np.zeros(H)
    for t in reversed(range(T)):
        v, old, i, f, o, g, c, h, y = steps[t]
        dy = 2 * (y - target[t]) / (1 if wrong else O)
        dh = p["Wy"].T @ dy + dh_next
        dc = dh * o * (1 - np.tanh(c) ** 2) + dc_next
        dz = {"i": dc * g * i * (1 - i), "f": dc * (c if wrong else old) * f * (1 - (i if odd else f)),
              "o": dh * np.tanh(c) * o * (1 - o), "g": dc * i * (1 - g ** 2)}
        for a in "ifog":
            d["W" + a] += np.outer(dz[a], v)
            d["b" + a] += dz[a]
            all_dz["d" + a][t] = dz[a].tolist()
        d["Wy"] += np.outer(dy, h)
        d["by"] += dy
        dh_next = sum(p["W" + a].T @ dz[a] for a in "ifog")[X:]
        dc_next = dc if wrong else dc * f
    return d, all_dz

def serve(loss, params, grads, value, **lstm):  # value: the loss that came with grads; of an LSTM also x=x, target=target
    lists = lambda arrays: {k: a.tolist() for k, a in arrays.items()}
    print(json.dumps({"loss": float(value), "params": lists(params), "grads": lists(grads), **lists(lstm)}), flush=True)
    for line in sys.stdin:
        word = line.split()
        if word[0] == "set":
            params[word[1]].flat[int(word[2])] = float(word[3])
        else:
            print(repr(float(loss())), flush=True)

value, steps = forward()
grads, dz = backward(steps)
if "dump" in sys.argv:
    lists = lambda arrays: {name: a.tolist() for name, a in arrays.items()}
    print(json.dumps({"loss": value, "x": x.tolist(), "target": target.tolist(), "h0": h0.tolist(), "c0": c0.tolist(),
                      "params": lists(params), "grads": lists(grads), **(dz if "dz" in sys.argv else {})}))
else:
    serve(lambda: forward()[0], params, grads, value)
