# NumPy: paste this above your own code; call it last, as in example.py. params and grads map names to arrays.
import json, sys

def serve(loss, params, grads, value):  # value: the loss that came with grads
    print(json.dumps({"loss": float(value), "params": {k: p.tolist() for k, p in params.items()},
                      "grads": {k: g.tolist() for k, g in grads.items()}}), flush=True)
    for line in sys.stdin:
        word = line.split()
        if word[0] == "set":
            params[word[1]].flat[int(word[2])] = float(word[3])
        else:
            print(repr(float(loss())), flush=True)
