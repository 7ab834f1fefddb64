# PyTorch: paste this above your own code; call it last, after value.backward(). params: dict(model.named_parameters()).
import json, sys

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
