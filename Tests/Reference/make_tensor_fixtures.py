#!/usr/bin/env python3
"""Write the fixtures of TensorsTests: what PyTorch computes, and files as PyTorch and safetensors write them.

    python3 make_tensor_fixtures.py

Made with torch 2.13.0, safetensors 0.8.0 and numpy 2.4.6.
"""

import collections
import os
import pathlib
import pickle

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "TensorsTests" / "Fixtures"


def operations():
    """Small inputs and what PyTorch makes of them, for OperationTests."""
    torch.manual_seed(5)
    a, b = torch.randn(2, 3, 4), torch.randn(4, 5)
    image, kernel, bias = torch.randn(2, 4, 5, 6), torch.randn(6, 4, 3, 3), torch.randn(6)
    scale, shift = torch.randn(4), torch.randn(4)
    query, key, value = torch.randn(2, 2, 5, 8), torch.randn(2, 2, 5, 8), torch.randn(2, 2, 5, 8)
    targets = torch.tensor([1, 4])
    return {
        "a": a, "b": b, "matmul": a @ b,
        "image": image, "kernel": kernel, "bias": bias,
        "convolution": F.conv2d(image, kernel, bias, stride=2, padding=1),
        "scale": scale, "shift": shift,
        "group_norm": F.group_norm(image, 2, scale, shift, 1e-5),
        "layer_norm": F.layer_norm(a, (4,), scale, shift, 1e-5),
        "query": query, "key": key, "value": value,
        "attention": F.scaled_dot_product_attention(query, key, value),
        "causal_attention": F.scaled_dot_product_attention(query, key, value, is_causal=True),
        "silu": F.silu(a), "gelu": F.gelu(a), "quick_gelu": a * torch.sigmoid(1.702 * a),
        "targets": targets, "cross_entropy": F.cross_entropy(b[:2], targets),
    }


def gradients():
    """The gradients of a small expression, for GradientTests."""
    torch.manual_seed(6)
    x = torch.randn(3, 4, requires_grad=True)
    weight, bias = torch.randn(2, 4, requires_grad=True), torch.randn(2, requires_grad=True)
    loss = F.silu(F.linear(x, weight, bias)).square().mean()
    loss.backward()
    return {"x": x, "weight": weight, "bias": bias, "loss": loss, "x.grad": x.grad, "weight.grad": weight.grad, "bias.grad": bias.grad}


def adamw():
    """A parameter before and after one and three steps of AdamW on the loss ½·Σ p², for GradientTests."""
    torch.manual_seed(7)
    parameter = torch.randn(3, 5).requires_grad_()
    optimiser = torch.optim.AdamW([parameter], lr=0.01, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.1)
    states = {"adamw.0": parameter.detach().clone()}
    for step in range(1, 4):
        optimiser.zero_grad()
        (parameter.square().sum() / 2).backward()
        optimiser.step()
        states[f"adamw.{step}"] = parameter.detach().clone()
    return states


def orthogonal(matrix):
    """Muon's five Newton-Schulz iterations, as in torch.optim.Muon but in the matrix's own precision."""
    if matrix.shape[0] > matrix.shape[1]:
        return orthogonal(matrix.T).T
    matrix = matrix / matrix.norm()
    for _ in range(5):
        square = matrix @ matrix.T
        matrix = 3.4445 * matrix + (-4.7750 * square + 2.0315 * square @ square) @ matrix
    return matrix


def muon():
    """A wide kernel and a tall matrix before and after three steps of Muon on the loss Σ p⁴, for GradientTests."""
    torch.manual_seed(9)
    states = {}
    for name, shape in {"wide": (4, 3, 2), "tall": (6, 4)}.items():
        parameter = torch.randn(shape).double()
        states[f"muon.{name}.0"] = parameter.float()
        momentum = torch.zeros_like(parameter)
        for _ in range(3):
            gradient = 4 * parameter**3
            momentum = 0.95 * momentum + 0.05 * gradient
            ahead = (0.05 * gradient + 0.95 * momentum).flatten(1)
            parameter = parameter - 0.01 * 0.2 * max(ahead.shape) ** 0.5 * orthogonal(ahead).reshape(shape)
        states[f"muon.{name}.3"] = parameter.float()
    return states


def random_numbers():
    """Draws from a generator of seed 42, one after another, for GeneratorTests; from 16 numbers on PyTorch draws them vectorised."""
    generator = torch.Generator().manual_seed(42)
    return {
        "normal.few": torch.randn(3, generator=generator),
        "normal.many": torch.randn(5, 8, generator=generator),
        "uniform": torch.rand(6, generator=generator),
        "integers": torch.randint(1000, (7,), generator=generator),
    }


def every_type():
    """A tensor of every type that Fader reads, one without elements and one without dimensions."""
    numbers = torch.tensor([[0.0, 1.0, -2.5], [3.25, 100.0, -0.125]])
    whole = torch.tensor([0, 1, -2, 100, -128])
    return {
        "float64": numbers.double() / 3, "float32": numbers / 3, "float16": numbers.half(), "bfloat16": numbers.bfloat16(),
        "int64": whole * 2**40, "int32": whole.int() * 2**20, "int16": whole.short() * 200, "int8": whole.char(),
        "uint8": torch.tensor([0, 1, 255], dtype=torch.uint8), "bool": torch.tensor([True, False, True]),
        "empty": torch.zeros(2, 0, 3), "scalar": torch.tensor(7.5), "naïve \"name\"\n": torch.ones(1),
    }


def views():
    """Tensors that are not contiguous, or share a storage."""
    base = torch.arange(60, dtype=torch.float32).reshape(3, 4, 5)
    return collections.OrderedDict({
        "base": base, "transposed": base.transpose(0, 2), "sliced": base[1:, 1:3, 2:], "stepped": base[::2, :, ::3],
        "expanded": base[:, :1, :1].expand(3, 2, 4), "tail": base[2], "half": base.half().permute(1, 2, 0),
        "parameter": torch.nn.Parameter(base[0].T), "channels_last": torch.arange(48.0).reshape(2, 2, 3, 4).to(memory_format=torch.channels_last),
    })


class Calling:
    """Pickles as a call of `function` on `arguments`."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def others():
    """One state dict in torch.save's older form, as a bare pickle, and in a checkpoint; and one with plain values in it."""
    base = torch.arange(6.0).reshape(2, 3)
    state = collections.OrderedDict(weight=base, half=torch.tensor([1, -2.5, 3, 4]).half(), shared=base.T)
    torch.save(state, FIXTURES / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(state, FIXTURES / "legacy-protocol-4.pth", _use_new_zipfile_serialization=False, pickle_protocol=4)
    (FIXTURES / "bare.pkl").write_bytes(pickle.dumps(state, protocol=5))
    torch.save({"epoch": 3, "state_dict": state, "losses": [0.5, 0.25]}, FIXTURES / "checkpoint.pth", pickle_protocol=5)
    notes = {"pre_bias": torch.zeros(2), "activation": "TopK", "activation_state_dict": {"k": 32, "postact_fn": "ReLU"}, "scale": 0.25,
             "tied": False, "comment": None}
    torch.save(notes, FIXTURES / "notes.pth")


def contiguous(tensors):
    return {name: tensor.detach().contiguous().clone() for name, tensor in tensors.items()}


def main():
    FIXTURES.mkdir(parents=True, exist_ok=True)
    expected = {**operations(), **{f"gradients.{k}": v for k, v in gradients().items()}, **adamw(), **muon(), **random_numbers()}
    save_file(contiguous(expected), FIXTURES / "operations.safetensors")
    save_file(contiguous(every_type()), FIXTURES / "every-type.safetensors", metadata={"format": "pt"})
    save_file(contiguous(views()), FIXTURES / "views.safetensors")
    torch.save(every_type(), FIXTURES / "every-type.pth")
    torch.save(views(), FIXTURES / "views.pth")
    torch.save(views(), FIXTURES / "views-protocol-4.pth", pickle_protocol=4)
    torch.manual_seed(8)
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    torch.save(module.state_dict(), FIXTURES / "module.pth")
    others()
    torch.save({"weight": torch.ones(2), "hook": Calling(os.system, "true")}, FIXTURES / "os-system.pth")
    torch.save(Calling(eval, "1"), FIXTURES / "eval.pth")
    torch.save({"weight": torch.ones(2), "epochs": [1, 2.5]}, FIXTURES / "list.pth")


if __name__ == "__main__":
    main()
