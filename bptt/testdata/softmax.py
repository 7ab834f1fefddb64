# Writes softmax_*.json: torch.nn.LSTM and torch.nn.Linear in float64, and the cross-entropy of the
# last M steps, their sum. Made with PyTorch 1.13 (Debian's python3-torch): python3 softmax.py
import json

import torch

torch.set_default_dtype(torch.float64)
for seed, (X, H, O, T, M, scale) in enumerate([(4, 6, 5, 9, 3, 1), (3, 8, 4, 6, 6, 30), (8, 5, 4, 30, 1, 1)]):
    torch.manual_seed(seed)
    lstm, linear = torch.nn.LSTM(X, H), torch.nn.Linear(H, O)
    with torch.no_grad():
        linear.weight *= scale
    x, h0, c0 = (torch.randn(*s, requires_grad=True) for s in [(T, 1, X), (1, 1, H), (1, 1, H)])
    target = torch.randint(O, (M,))
    h, (hT, cT) = lstm(x, (h0, c0))
    y = linear(h[T - M :, 0])
    loss = torch.nn.functional.cross_entropy(y, target, reduction="sum")
    loss.backward()
    flat = lambda t: t.detach().reshape(-1).tolist()
    names = {f"{n}.{k}": p for n, m in [("lstm", lstm), ("linear", linear)] for k, p in m.named_parameters()}
    json.dump(
        dict(x=X, h=H, o=O, t=T, loss=loss.item(), inputs=flat(x), outputs=flat(y), hT=flat(hT), cT=flat(cT),
             targets=flat(torch.nn.functional.one_hot(target, O).double()), h0=flat(h0), c0=flat(c0),
             dinputs=flat(x.grad), dh0=flat(h0.grad), dc0=flat(c0.grad),
             weights={k: flat(p) for k, p in names.items()}, grads={k: flat(p.grad) for k, p in names.items()}),
        open(f"softmax_x{X}_h{H}_o{O}_t{T}_m{M}.json", "w"))
