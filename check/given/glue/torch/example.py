# Three tanh neurons and their sum, with a tanh of one's own. python3 example.py, or python3 example.py wrong
import sys
import torch
from serve import serve

class Tanh(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z):
        a = torch.tanh(z)
        ctx.save_for_backward(a)
        return a

    @staticmethod
    def backward(ctx, da):
        a, = ctx.saved_tensors
        return da if "wrong" in sys.argv else da * (1 - a ** 2)

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.W = torch.nn.Parameter(torch.tensor([[0.8, -0.4], [0.3, 0.9], [-0.7, 0.2]]))
        self.b = torch.nn.Parameter(torch.tensor([0.1, -0.2, 0.05]))
        self.v = torch.nn.Parameter(torch.tensor([1.1, -0.6, 0.7]))

    def forward(self, x):
        return Tanh.apply(x @ self.W.T + self.b) @ self.v

torch.set_default_dtype(torch.float64)
x, t = torch.tensor([[0.5, -1.2], [1.5, 0.3]]), torch.tensor([0.4, -1.0])
net = Net()
loss = lambda: 0.5 * torch.sum((net(x) - t) ** 2)
value = loss()
value.backward()
serve(loss, dict(net.named_parameters()), value)
