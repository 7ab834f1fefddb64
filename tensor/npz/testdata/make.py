"""Writes types.npz and packed.npz: the same numbers in every type, byte order, order of axes and version."""
import io
import zipfile

import numpy as np

numbers = np.array([[0, 1, 2], [3, 100, 0.5]])
arrays = {}
for kind in ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1"]:
    for order in "<>":
        arrays[kind + ("little" if order == "<" else "big")] = numbers.astype(order + kind)
arrays["b1"] = numbers.astype(bool)
arrays["fortran"] = np.asfortranarray(np.arange(24.0).reshape(2, 3, 4))
arrays["fortranbig"] = np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype(">i2"))
arrays["scalar"] = np.array(7.5)
arrays["none"] = np.zeros((0, 3))
arrays["params/W.x"] = numbers
np.savez("types.npz", **arrays)
np.savez_compressed("packed.npz", **arrays)
np.savez("pickle.npz", good=numbers, W=np.array([{"a": 1}, [2]], dtype=object))
np.savez("fields.npz", W=np.zeros(2, dtype=[("a", "f8"), ("b", "i4")]))
np.savez("text.npz", W=np.array(["one", "two"]))
np.savez("complex.npz", W=np.array([1j]))

with zipfile.ZipFile("versions.npz", "w") as z:
    for version in (1, 2, 3):
        b = io.BytesIO()
        np.lib.format.write_array(b, numbers, version=(version, 0))
        z.writestr("v%d.npy" % version, b.getvalue())
