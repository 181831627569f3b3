"""Golden values of the paper's full-size networks from PyTorch: losses, parameter gradients, heat maps.

    /usr/bin/python3 src/network/golden/full_size.py > src/network/golden/full-size.json

Needs Debian's python3-torch. Weights and HU come from the integer hash of weights.ts, so that none are stored.
All is computed in double precision. Gradients are stored as their norm and eight random projections: their differences
estimate the norm of the error. `float32Error` is what PyTorch itself is away in single precision: where a rounding
switches a ReLU or a maximum, all gradients below change. With weights around zero that alone is up to 4e-3 of a
gradient; the positive mean of the hash weights and the numbers of slices were chosen, on PyTorch's two precisions, so
that single precision can hold 1e-3 at all.
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

from hash_weights import before_relu, hash_bits, hash_numbers, tensor

PROJECTIONS = 8
HIDDEN, FEATURES = 32, 256
TASKS = {"twoType": 2, "fiveType": 5}
POSITIVES = {"twoType": [1], "fiveType": [0, 1, 2, 3, 4]}
CASES = [(4, "twoType"), (5, "twoType"), (4, "fiveType")]
WIDTHS, DEPTHS = [64, 128, 256, 512, 512], [2, 2, 3, 3, 3]


def parameters(task):
    p = {}
    channels = 3
    for block, (width, depth) in enumerate(zip(WIDTHS, DEPTHS)):
        for i in range(depth):
            name = f"{task}/cnn/conv{block + 1}_{i + 1}"
            p[f"{name}/weights"] = before_relu(f"{name}/weights", (width, channels, 3, 3))
            p[f"{name}/bias"] = tensor(f"{name}/bias", (width,), 0.1)
            channels = width
    size = 512 * 64
    p[f"{task}/dense/weights"] = before_relu(f"{task}/dense/weights", (FEATURES, size))
    p[f"{task}/dense/bias"] = tensor(f"{task}/dense/bias", (FEATURES,), 0.1)
    for layer, inputs in (("gru1", FEATURES), ("gru2", 2 * HIDDEN)):
        for direction in ("forward", "backward"):
            prefix = f"{task}/{layer}/{direction}"
            bound = (3 / HIDDEN) ** 0.5
            p[f"{prefix}/inputWeights"] = tensor(f"{prefix}/inputWeights", (96, inputs), bound)
            p[f"{prefix}/hiddenWeights"] = tensor(f"{prefix}/hiddenWeights", (96, HIDDEN), bound)
            for bias in ("inputBias", "hiddenBias"):
                p[f"{prefix}/{bias}"] = tensor(f"{prefix}/{bias}", (96,), 1 / HIDDEN**0.5)
    for head in ("subjectHead", "sliceHead"):
        shape = (TASKS[task], 2 * HIDDEN)
        p[f"{task}/{head}/weights"] = tensor(f"{task}/{head}/weights", shape, (3 / (2 * HIDDEN)) ** 0.5)
        p[f"{task}/{head}/bias"] = tensor(f"{task}/{head}/bias", (TASKS[task],), 0.1)
    return p


def hounsfield(slices):
    """Integers: a coarse grid of -256..255 HU every 32 pixels, between them linear, and -16..15 HU of noise."""
    coarse = (hash_bits(f"coarse {slices}", slices * 17 * 17) >> 23).reshape(slices, 17, 17) - 256
    place, share = np.divmod(np.arange(512), 32)
    rows = coarse[:, place] * (32 - share)[None, :, None] + coarse[:, place + 1] * share[None, :, None]
    both = rows[:, :, place] * (32 - share) + rows[:, :, place + 1] * share
    noise = (hash_bits(f"noise {slices}", slices * 512 * 512) >> 27).reshape(slices, 512, 512) - 16
    return (both >> 10) + noise + 100


def images(slices):
    hu = hounsfield(slices).astype(np.float32)
    halved = F.avg_pool2d(torch.tensor(hu.reshape(slices, 1, 512, 512)), 2)
    ranges = [(-50, 150), (100, 300), (250, 450)]
    return torch.cat([((halved - low) / (high - low)).clamp(0, 1) for low, high in ranges], 1)


def gru_layer(x, p, prefix):
    names = ("inputWeights", "hiddenWeights", "inputBias", "hiddenBias")
    weights = [p[f"{prefix}/{direction}/{name}"] for direction in ("forward", "backward") for name in names]
    start = torch.zeros(2, 1, HIDDEN, dtype=x.dtype)
    # has biases, one layer, no dropout, training, bidirectional, steps first
    return torch._VF.gru(x.unsqueeze(1), start, weights, True, 1, 0.0, True, True, False)[0].squeeze(1)


def network(x, p, task):
    for block, depth in enumerate(DEPTHS):
        for i in range(depth):
            name = f"{task}/cnn/conv{block + 1}_{i + 1}"
            x = F.relu(F.conv2d(x, p[f"{name}/weights"], p[f"{name}/bias"], padding=1))
        if block < 4:
            x = F.max_pool2d(x, 2)
    maps = x
    features = F.relu(F.linear(F.max_pool2d(maps, 2).flatten(1), p[f"{task}/dense/weights"], p[f"{task}/dense/bias"]))
    raw = gru_layer(gru_layer(features, p, f"{task}/gru1"), p, f"{task}/gru2")
    head = lambda y, name: F.linear(y, p[f"{task}/{name}/weights"], p[f"{task}/{name}/bias"])
    return maps, head(raw, "sliceHead"), head(raw.mean(0), "subjectHead")


def targets(task, slices):
    rows = (hash_numbers(f"targets {task} {slices}", slices * TASKS[task], 1) > 0).astype(np.float32)
    rows = torch.tensor(rows.reshape(slices, TASKS[task]))
    return rows, rows.amax(0)


def heat_maps(maps, slice_logits, task):
    """Supplement 6 with the mean of the gradient in place of the paper's division by its signed sum."""
    found, signed = [], []
    for t in range(len(maps)):
        for output in POSITIVES[task]:
            (slope,) = torch.autograd.grad(slice_logits[t, output], maps, retain_graph=True)
            weights = slope[t].mean((1, 2))
            signed.append(float(weights.sum()))
            raw = F.relu((weights[:, None, None] * maps[t]).sum(0))
            found.append((raw / raw.sum() if raw.sum() > 0 else raw).detach())
    return torch.stack(found), signed


def run(task, slices, dtype):
    """The network's values and its parameters' gradients in a precision."""
    p = {name: value.to(dtype).requires_grad_() for name, value in parameters(task).items()}
    maps, slice_logits, subject_logits = network(images(slices).to(dtype), p, task)
    of_slices, of_subject = targets(task, slices)
    loss = F.binary_cross_entropy_with_logits(slice_logits, of_slices.to(dtype))
    loss = loss + F.binary_cross_entropy_with_logits(subject_logits, of_subject.to(dtype))
    slopes = torch.autograd.grad(loss, list(p.values()), retain_graph=True)
    return dict(zip(p, slopes)), loss, maps, slice_logits, subject_logits


def summary(name, slope, single):
    flat = slope.flatten().numpy()
    vectors = [hash_numbers(f"{name}/projection {i}", flat.size, 1).astype(np.float64) for i in range(PROJECTIONS)]
    error = (single.double() - slope).norm() / slope.norm()
    return {
        "norm": float(np.linalg.norm(flat)),
        "projections": [float(flat @ v) for v in vectors],
        "float32Error": float(f"{float(error):.2g}"),
    }


def case(task, slices):
    single = run(task, slices, torch.float32)[0]
    slopes, loss, maps, slice_logits, subject_logits = run(task, slices, torch.float64)
    found, signed = heat_maps(maps, slice_logits, task)
    print(slices, task, float(loss), "negative signed sums:", sum(s < 0 for s in signed), file=sys.stderr)
    return {
        "slices": slices,
        "task": task,
        "loss": float(loss),
        "sliceLogits": slice_logits.detach().flatten().tolist(),
        "subjectLogits": subject_logits.detach().tolist(),
        "gradients": {name: summary(name, slope, single[name]) for name, slope in slopes.items()},
        "signedSums": signed,
        "heatMaps": [float(f"{v:.7g}") for v in found.flatten().tolist()],
    }


cases = [case(task, slices) for slices, task in CASES]
json.dump({"torch": torch.__version__, "cases": cases}, sys.stdout)
