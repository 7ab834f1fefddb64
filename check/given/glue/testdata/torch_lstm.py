# PyTorch's LSTM and a linear layer: a batch of sequences, autograd's gradient, in float64.
# python3 torch_lstm.py, or python3 torch_lstm.py float32
import json, sys
import torch

if "float32" not in sys.argv:
    torch.set_default_dtype(torch.float64)
torch.manual_seed(3)

class Net(torch.nn.Module):
    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.lstm = torch.nn.LSTM(inputs, hidden, batch_first=True)
        self.linear = torch.nn.Linear(hidden, outputs)

    def forward(self, x):
        h, _ = self.lstm(x)
        return self.linear(h)

net = Net(2, 4, 3)
x, target = torch.randn(3, 8, 2), torch.randn(3, 8, 3)
loss = lambda: torch.nn.functional.mse_loss(net(x), target)
value = loss()
value.backward()

def serve(loss, params, value, **lstm):  # value: the loss on which backward was called; loss(): the same loss anew
    grads = {k: p.grad for k, p in params.items() if p.grad is not None}  # lstm: of an LSTM also x=x, target=target
    lists = lambda arrays: {k: a.tolist() for k, a in arrays.items()}
    print(json.dumps({"loss": value.item(), "params": lists(params), "grads": lists(grads), **lists(lstm)}), flush=True)
    for line in sys.stdin:
        word = line.split()
        if word[0] == "set":
            params[word[1]].data.view(-1)[int(word[2])] = float(word[3])
        else:
            print(repr(loss().item()), flush=True)

serve(loss, dict(net.named_parameters()), value)
