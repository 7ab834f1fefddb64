"""Writes dumps of the same numbers: one.npz (savez), packed.npz (savez_compressed, float32), one.safetensors.

The arrays are those of s01_charnotebook.json; in packed.npz the gradients are rounded to 5 decimals first."""
import json
import struct

import numpy as np

d = json.load(open("s01_charnotebook.json"))
arrays = {name: np.array(v) for name, v in d.items()}
np.savez("one.npz", **arrays)

single = {}
for name, v in arrays.items():
    if name.startswith("dW"):
        v = np.round(v, 5)
    single[name] = v if name in ("loss", "target") else np.asfortranarray(v.astype(np.float32))
np.savez_compressed("packed.npz", **single)

np.savez_compressed("tiny.npz", loss=2.5, W=np.array([[0.5, 0.25]]), dW=np.array([[0.1, 1]], dtype=">f4"), target=[1])

header, data = {}, b""
for name, v in arrays.items():
    name = "grads." + name[1:] if name[0] == "d" else name if name in ("loss", "x", "target") else "params." + name
    kind = "I64" if v.dtype == np.int64 else "F16" if name.startswith("params.b") else "F64"
    raw = v.astype({"I64": "<i8", "F16": "<f2", "F64": "<f8"}[kind]).tobytes()
    header[name] = {"dtype": kind, "shape": list(v.shape), "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
open("one.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + data)
