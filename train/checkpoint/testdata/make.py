"""Writes files of weights as people have them, with PyTorch and NumPy: make.py FOLDER [all].

expect.json has, for each file that can be read, the outputs of PyTorch for the inputs x in float64, and for each other file
words that the error must say. Without "all" there are a few small files. They are in this folder. With "all" there is every
variant of names, biases and types.
"""
import collections, io, json, os, pickle, struct, sys, zipfile
import numpy as np
import torch

X, H, O, T = 3, 4, 2, 6
folder, everything = sys.argv[1], "all" in sys.argv
expect = {}
x = torch.sin(torch.arange(T * X, dtype=torch.float64)).reshape(T, 1, X)


def path(name):
    return os.path.join(folder, name)


def safetensors(name, tensors, meta=None):
    kinds = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.int8: "I8"}
    header, data = {"__metadata__": meta} if meta else {}, b""
    for k, v in tensors.items():
        v = v.contiguous()
        bits = v.view(torch.int16) if v.dtype == torch.bfloat16 else v
        b = bits.numpy().tobytes()
        header[k] = {"dtype": kinds[v.dtype], "shape": list(v.shape), "data_offsets": [len(data), len(data) + len(b)]}
        data += b
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path(name), "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


def npz(name, tensors):
    np.savez(path(name), **{k: np.asarray(v) for k, v in tensors.items()})


def fixed(name):
    """Archives with no time in them, so that the files are the same each time."""
    old = zipfile.ZipFile(path(name))
    items = [(i.filename, old.read(i)) for i in old.infolist()]
    with zipfile.ZipFile(path(name), "w") as new:
        for k, v in items:
            new.writestr(zipfile.ZipInfo(k, (1980, 1, 1, 0, 0, 0)), v)


def outputs(lstm, linear, dtype):
    """The outputs in float64, with weights that were rounded to dtype. Without a linear layer they are the hidden states."""
    with torch.no_grad():
        for m in (lstm, linear):
            for p in m.parameters() if m else ():
                p.copy_(p.to(dtype).to(torch.float64))
        if isinstance(lstm, torch.nn.LSTMCell):
            state, h = None, []
            for t in range(T):
                state = lstm(x[t], state)
                h.append(state[0])
            h = torch.stack(h)
        else:
            h = lstm(x)[0]
        return (linear(h) if linear else h).flatten().tolist()


def variant(seed, lstm_name, linear_name, cell=False, bias=True, linear_bias=True, drop=(), dtype=torch.float64):
    """The tensors of an LSTM and a Linear under some names, and their outputs."""
    torch.manual_seed(seed)
    lstm = (torch.nn.LSTMCell if cell else torch.nn.LSTM)(X, H, bias=bias).double()
    linear = torch.nn.Linear(H, O, bias=linear_bias).double() if linear_name is not None else None
    for k, p in lstm.named_parameters():
        if k in drop:
            with torch.no_grad():
                p.zero_()
    want = outputs(lstm, linear, dtype)
    tensors = collections.OrderedDict((lstm_name + k, v.detach().to(dtype)) for k, v in lstm.named_parameters() if k not in drop)
    for k, v in linear.named_parameters() if linear else ():
        tensors[linear_name + k] = v.detach().to(dtype)
    return tensors, want


def loads(name, tensors, want):
    expect[name] = {"outputs": want}
    if name.endswith(".npz"):
        npz(name, tensors)
        fixed(name)
    else:
        safetensors(name, tensors)


def refused(name, *says):
    expect[name] = {"says": says}


names = [("lstm.", "linear."), ("", None), ("rnn.", "fc."), ("model.rnn.", "model.out."), ("module.lstm.", "module.linear."), ("0.", "1."),
         ("0.", "2."), ("encoder.lstm.", "head."), ("lstm.", None), ("", "fc."), ("_orig_mod.net.lstm.", "_orig_mod.net.proj."), ("", "")]
types = [torch.float64, torch.float32, torch.float16, torch.bfloat16]

if everything:
    n = 0
    for a, b in names:
        for cell in (False, True):
            for bias, linear_bias, drop in ((True, True, ()), (False, True, ()), (True, False, ()), (False, False, ()), (True, True, ("bias_hh",)), (True, True, ("bias_ih",))):
                drop = tuple(d if cell else d + "_l0" for d in drop)
                for dtype in types:
                    for end in ("safetensors", "npz"):
                        if end == "npz" and dtype == torch.bfloat16:
                            continue  # NumPy has no such type
                        n += 1
                        tensors, want = variant(n, a, b, cell, bias, linear_bias, drop, dtype)
                        if end == "npz":
                            tensors = {k: v.numpy() for k, v in tensors.items()}
                        loads("%d.%s" % (n, end), tensors, want)
else:
    loads("module.safetensors", *variant(1, "module.rnn.", "module.fc.", dtype=torch.float32))
    loads("half.safetensors", *variant(2, "0.", "1.", dtype=torch.float16))
    loads("bfloat.safetensors", *variant(3, "lstm.", "head.", bias=False, dtype=torch.bfloat16))
    loads("cell.safetensors", *variant(4, "", "out.", cell=True, linear_bias=False))
    loads("alone.safetensors", *variant(5, "", None, dtype=torch.float32))
    tensors, want = variant(6, "encoder.lstm.", "decoder.", drop=("bias_hh_l0",), dtype=torch.float32)
    loads("numpy.npz", {k: v.numpy() for k, v in tensors.items()}, want)

    # What torch.save writes.
    torch.manual_seed(7)

    def net():
        return torch.nn.ModuleDict({"lstm": torch.nn.LSTM(X, H), "linear": torch.nn.Linear(H, O)})

    n = net()
    want = outputs(*(lambda m: (m["lstm"], m["linear"]))(net_copy := pickle.loads(pickle.dumps(n)).double()), torch.float32)

    def saved(name, what, **how):
        torch.save(what, path(name), **how)
        expect[name] = {"says": ["torch.save", "python3"], "outputs": want}

    saved("state.pt", n.state_dict())
    saved("old.pt", n.state_dict(), _use_new_zipfile_serialization=False)
    saved("training.ckpt", {"epoch": 3, "model_state_dict": n.state_dict(), "optimizer_state_dict": {}})
    saved("whole.pth", n)
    with open(path("dict.pkl"), "wb") as f:
        pickle.dump({k: v.numpy() for k, v in n.state_dict().items()}, f, protocol=4)
    expect["dict.pkl"] = {"says": ["pickle", "python3"], "outputs": want}

    class Both(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm, self.linear = n["lstm"], n["linear"]

        def forward(self, x):
            return self.linear(self.lstm(x)[0])

    torch.onnx.export(Both(), x.float(), path("weights.onnx"))
    expect["weights.onnx"] = {"says": ["ONNX", "python3"], "outputs": want}
    k = {a: v.numpy() for a, v in n.state_dict().items()}
    npz("keras.npz", {"arr_0": k["lstm.weight_ih_l0"].T, "arr_1": k["lstm.weight_hh_l0"].T, "arr_2": k["lstm.bias_ih_l0"] + k["lstm.bias_hh_l0"],
                      "arr_3": k["linear.weight"].T, "arr_4": k["linear.bias"]})
    fixed("keras.npz")
    with torch.no_grad():  # the sum of the biases in float32
        net_copy["lstm"].bias_ih_l0.copy_(torch.from_numpy(k["lstm.bias_ih_l0"] + k["lstm.bias_hh_l0"]))
        net_copy["lstm"].bias_hh_l0.zero_()
    expect["keras.npz"] = {"says": ["Keras", "python3"], "outputs": outputs(net_copy["lstm"], net_copy["linear"], torch.float32)}

    npz("integers.npz", {a: (100 * v).astype(np.int8) for a, v in k.items()})  # as after quantisation
    fixed("integers.npz")
    refused("integers.npz", "I8", "lstm.weight_ih_l0")

    # Networks that are no LSTM of one layer.
    def other(name, module, *says):
        npz(name, {"rnn." + a: v.detach().numpy() for a, v in module.named_parameters()})
        fixed(name)
        refused(name, *says)

    other("two.npz", torch.nn.LSTM(X, H, 2), "2 layers", "LSTM(3, 4)")
    other("both.npz", torch.nn.LSTM(X, H, bidirectional=True), "bidirectional", "LSTM(3, 4)")
    other("proj.npz", torch.nn.LSTM(X, H, proj_size=2), "proj_size", "LSTM(3, 4)")
    other("gru.npz", torch.nn.GRU(X, H), "GRU", "LSTM(3, 4)")
    other("rnn.npz", torch.nn.RNN(X, H), "plain RNN", "LSTM(3, 4)")
    other("all.npz", torch.nn.GRU(X, H, 3, bidirectional=True), "bidirectional GRU with 3 layers", "LSTM(3, 4)")

    # The first bytes of other formats are enough to tell them.
    for name, start, says in (
        ("weights.h5", b"\x89HDF\r\n\x1a\n" + bytes(8), ["HDF5", "Keras", "python3"]),
        ("weights.gguf", b"GGUF\x03\0\0\0" + bytes(16), ["GGUF", "python3"]),
        ("weights.msgpack", b"\x81\xa6params\x82\xa7Dense_0\x82\xa4bias", ["MessagePack", "Flax", "python3"]),
        ("pointer.safetensors", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1234\n", ["git lfs pull"]),
        ("page.safetensors", b"\n<!DOCTYPE html>\n<html>", ["web page"]),
        ("model.safetensors.index.json", b'{"metadata": {}, "weight_map": {}}', ["JSON"]),
    ):
        with open(path(name), "wb") as f:
            f.write(start)
        refused(name, *says)
    with zipfile.ZipFile(path("model.keras"), "w") as z:
        for k in ("metadata.json", "config.json", "model.weights.h5"):
            z.writestr(zipfile.ZipInfo(k, (1980, 1, 1, 0, 0, 0)), b"{}")
    refused("model.keras", "Keras", "python3")

with open(path("expect.json"), "w") as f:
    json.dump(expect, f, indent=1 if not everything else None)
