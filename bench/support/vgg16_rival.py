"""The full-size network of the paper in PyTorch, with weights from one integer hash: a rival that runs rounds on command.

Reads one command a line (forward, plain, checkpoint) and answers each with one JSON line {"ms", "loss"}.
Arguments: slices, slices a chunk, threads.
"""
import json
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

SLICES, CHUNK, THREADS = (int(a) for a in sys.argv[1:4])
torch.set_num_threads(THREADS)


def mix(x):
    x = x.astype(np.uint32)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return x


def hash_numbers(name, count, bound, mean=0.0):
    h = 0x811C9DC5
    for unit in name.encode("ascii"):
        h = ((h ^ unit) * 0x01000193) & 0xFFFFFFFF
    start = mix(np.array([h], dtype=np.uint32))[0]
    with np.errstate(over="ignore"):
        bits = mix(np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1) + start)
    return torch.from_numpy((bound * (bits.astype(np.float64) / 2147483648 - 1) + mean).astype(np.float32))


def fill(parameter, name, gain, fan_in, mean=0.0):
    with torch.no_grad():
        bound = gain / fan_in**0.5
        parameter.copy_(hash_numbers(name, parameter.numel(), bound, mean / fan_in).view(parameter.shape))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for block, (width, depth) in enumerate([(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]):
            for i in range(depth):
                conv = nn.Conv2d(channels, width, 3, padding=1)
                name = f"twoType/cnn/conv{block + 1}_{i + 1}"
                fill(conv.weight, f"{name}/weights", 0.92**0.5, channels * 9, 0.98)
                fill(conv.bias, f"{name}/bias", 0.1, 1)
                layers += [conv, nn.ReLU()]
                channels = width
            layers.append(nn.MaxPool2d(2))
        dense = nn.Linear(512 * 64, 256)
        fill(dense.weight, "twoType/dense/weights", 0.92**0.5, 512 * 64, 0.98)
        fill(dense.bias, "twoType/dense/bias", 0.1, 1)
        self.trunk = nn.Sequential(*layers, nn.Flatten(), dense, nn.ReLU())
        self.gru = nn.GRU(256, 32, num_layers=2, bidirectional=True)
        for layer in (0, 1):
            for suffix, direction in (("", "forward"), ("_reverse", "backward")):
                prefix = f"twoType/gru{layer + 1}/{direction}"
                for torch_name, name, gain in (
                    ("weight_ih", "inputWeights", 3**0.5),
                    ("weight_hh", "hiddenWeights", 3**0.5),
                    ("bias_ih", "inputBias", 1),
                    ("bias_hh", "hiddenBias", 1),
                ):
                    fill(getattr(self.gru, f"{torch_name}_l{layer}{suffix}"), f"{prefix}/{name}", gain, 32)
        self.heads = nn.ModuleDict({head: nn.Linear(64, 2) for head in ("subject", "slice")})
        for head, linear in self.heads.items():
            fill(linear.weight, f"twoType/{head}Head/weights", 3**0.5, 64)
            fill(linear.bias, f"twoType/{head}Head/bias", 0.1, 1)

    def loss(self, features):
        raw = self.gru(features)[0]
        bce = nn.functional.binary_cross_entropy_with_logits
        target = torch.tensor([0.0, 1.0])
        subject = self.heads["subject"](raw.mean(0))
        slices = self.heads["slice"](raw)
        return bce(subject, target) + bce(slices, target.expand_as(slices))


network = Network()
optimiser = torch.optim.Adam(network.parameters(), lr=1e-5)
images = (hash_numbers("images", SLICES * 3 * 256 * 256, 0.5) + 0.5).view(SLICES, 3, 256, 256)


def forward():
    with torch.no_grad():
        return network.loss(network.trunk(images))


def train(features):
    optimiser.zero_grad(set_to_none=True)
    loss = network.loss(features())
    loss.backward()
    optimiser.step()
    return loss


def in_chunks():
    parts = [checkpoint(network.trunk, part, use_reentrant=False) for part in images.split(CHUNK)]
    return torch.cat(parts)


COMMANDS = {
    "forward": forward,
    "plain": lambda: train(lambda: network.trunk(images)),
    "checkpoint": lambda: train(in_chunks),
}
print(json.dumps({"name": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"}), flush=True)
for line in sys.stdin:
    started = time.perf_counter()
    loss = COMMANDS[line.strip()]().item()
    print(json.dumps({"ms": (time.perf_counter() - started) * 1000, "loss": loss}), flush=True)
