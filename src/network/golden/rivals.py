"""Golden values of the rivals' features from PyTorch, at a quarter of the width, on 256 x 256 and on halves, with weights from the integer hash.

    /usr/bin/python3 src/network/golden/rivals.py > src/network/golden/rivals.json

Needs Debian's python3-torch. Computed in double precision; images are the hash's too.
"""
import json
import sys

import torch
import torch.nn.functional as F

from hash_weights import before_relu, hash_numbers, tensor

TASK = "twoType"
MODULES = [
    ("3a", False, [64, 96, 128, 16, 32, 32]),
    ("3b", False, [128, 128, 192, 32, 96, 64]),
    ("4a", True, [192, 96, 208, 16, 48, 64]),
    ("4b", False, [160, 112, 224, 24, 64, 64]),
    ("4c", False, [128, 128, 256, 24, 64, 64]),
    ("4d", False, [112, 144, 288, 32, 64, 64]),
    ("4e", False, [256, 160, 320, 32, 128, 128]),
    ("5a", True, [256, 160, 320, 32, 128, 128]),
    ("5b", False, [384, 192, 384, 48, 128, 128]),
]


def images(slices):
    count = slices * 3 * 256 * 256
    return torch.tensor(hash_numbers("images", count, 0.5, 0.5).reshape(slices, 3, 256, 256)).double()


def scaled(channels):
    return max(4, round(channels / 4))


def layer(x, name, channels, kernel=1, stride=1):
    name = f"{TASK}/googlenet/{name}"
    weights = before_relu(f"{name}/weights", (channels, x.shape[1], kernel, kernel)).double()
    bias = tensor(f"{name}/bias", (channels,), 0.1).double()
    return F.relu(F.conv2d(x, weights, bias, stride=stride, padding=(kernel - 1) // 2))


def halved(x):
    return F.max_pool2d(x, 3, 2, ceil_mode=True)


def norm(x):
    return F.local_response_norm(x, 5, alpha=1e-4, beta=0.75, k=1.0)


def googlenet(x):
    x = norm(halved(layer(x, "conv1", scaled(64), 7, 2)))
    x = layer(layer(x, "conv2/reduce", scaled(64)), "conv2", scaled(192), 3)
    x = halved(norm(x))
    for name, pooled, channels in MODULES:
        one, to_three, three, to_five, five, pool = map(scaled, channels)
        x = halved(x) if pooled else x
        at = f"inception{name}"
        x = torch.cat(
            [
                layer(x, f"{at}/one", one),
                layer(layer(x, f"{at}/toThree", to_three), f"{at}/three", three, 3),
                layer(layer(x, f"{at}/toFive", to_five), f"{at}/five", five, 5),
                layer(F.max_pool2d(x, 3, 1, 1), f"{at}/pool", pool),
            ],
            1,
        )
    return x.mean((2, 3))


def vgg_3d(x):
    x = x.transpose(0, 1)[None]
    for block, (channels, depth) in enumerate(zip([16, 32, 64, 128, 128], [2, 2, 3, 3, 3])):
        for i in range(depth):
            name = f"{TASK}/vgg3d/conv{block + 1}_{i + 1}"
            weights = before_relu(f"{name}/weights", (channels, x.shape[1], 3, 3, 3)).to(x.dtype)
            bias = tensor(f"{name}/bias", (channels,), 0.1).to(x.dtype)
            x = F.relu(F.conv3d(x, weights, bias, padding=1))
        x = F.max_pool3d(x, 2)
    name = f"{TASK}/vgg3d/dense"
    flat = x.mean(2).flatten(1)
    weights = before_relu(f"{name}/weights", (256, flat.shape[1])).to(x.dtype)
    return F.relu(F.linear(flat, weights, tensor(f"{name}/bias", (256,), 0.1).to(x.dtype)))


def vgg_on_halves(x):
    """The 2-D VGG16 on 128 x 128: three poolings, then each map's mean and maximum before the dense layer."""
    for block, (channels, depth) in enumerate(zip([16, 32, 64, 128, 128], [2, 2, 3, 3, 3])):
        for i in range(depth):
            name = f"{TASK}/cnn/conv{block + 1}_{i + 1}"
            weights = before_relu(f"{name}/weights", (channels, x.shape[1], 3, 3)).double()
            x = F.relu(F.conv2d(x, weights, tensor(f"{name}/bias", (channels,), 0.1).double(), padding=1))
        x = F.max_pool2d(x, 2) if block < 3 else x
    flat = torch.cat([x.mean((2, 3)), x.amax((2, 3))], 1)
    weights = before_relu(f"{TASK}/dense/weights", (256, flat.shape[1])).double()
    return F.relu(F.linear(flat, weights, tensor(f"{TASK}/dense/bias", (256,), 0.1).double()))


def halves(slices):
    return F.avg_pool2d(images(slices), 2)


def rounded(values):
    return [[float(f"{v:.7g}") for v in row] for row in values.tolist()]


with torch.no_grad():
    golden = {
        "torch": torch.__version__,
        "2d-googlenet": rounded(googlenet(images(2))),
        # Single precision: double would take minutes
        "3d-vgg16": rounded(vgg_3d(images(32).float())),
        "onHalves": {
            "2d-vgg16": rounded(vgg_on_halves(halves(2))),
            "2d-googlenet": rounded(googlenet(halves(2))),
            "3d-vgg16": rounded(vgg_3d(halves(32).float())),
        },
    }
json.dump(golden, sys.stdout)
