"""The full-size network of the paper in PyTorch, with weights from one integer hash."""
import numpy as np
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint


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

    def loss(self, features, target=torch.tensor([0.0, 1.0]), dropout=0.0):
        self.gru.dropout = dropout
        raw = nn.functional.dropout(self.gru(features)[0], dropout)
        bce = nn.functional.binary_cross_entropy_with_logits
        subject = self.heads["subject"](raw.mean(0))
        slices = self.heads["slice"](raw)
        return bce(subject, target) + bce(slices, target.expand_as(slices))


def features_in_chunks(network, images, chunk):
    """The trunk chunk by chunk, its activations computed anew going backward."""
    parts = [checkpoint(network.trunk, part, use_reentrant=False) for part in images.split(chunk)]
    return torch.cat(parts)
