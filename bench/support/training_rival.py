"""A rival that trains PyTorch's full-size network on scans from disk, by its own data loader, an epoch on command.

Each scan is a file of int16 HU [slices, 256, 256]; a scan gets one random affine map, then the paper's three windows;
one worker process loads and augments ahead. Reads one command a line (epoch) and answers each with one JSON line
{"ms", "loss"}. Arguments: folder, slices a chunk, threads.
"""
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from full_size import Network, features_in_chunks
from torch.nn.functional import affine_grid, grid_sample
from torch.utils.data import DataLoader, Dataset

FOLDER, CHUNK, THREADS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
WINDOWS = ((-50, 150), (100, 300), (250, 450))
SIDE = 256
torch.set_num_threads(THREADS)


def random_map():
    angle = math.radians(float(torch.empty(1).uniform_(0, 180)))
    scale = float(torch.empty(1).uniform_(0.9, 1.1))
    shear = float(torch.empty(1).uniform_(-0.1, 0.1))
    shift = torch.empty(2).uniform_(-0.2, 0.2)
    flips = torch.tensor([1.0, 1.0]) - 2 * (torch.rand(2) < 0.5).float()
    cos, sin = math.cos(angle), math.sin(angle)
    linear = torch.tensor([[cos, cos * shear - sin], [sin, sin * shear + cos]]) * flips / scale
    return torch.cat([linear, shift.view(2, 1)], 1).unsqueeze(0)


class Scans(Dataset):
    def __init__(self):
        self.files = sorted(Path(FOLDER).glob("*.hu"))

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        hu = np.fromfile(self.files[index], dtype=np.int16).reshape(1, -1, SIDE, SIDE)
        above = torch.from_numpy(hu).float().clamp(-50, 450) + 50
        moved = grid_sample(above, affine_grid(random_map(), above.shape, align_corners=False), align_corners=False)[0] - 50
        return torch.stack([((moved - low) / (high - low)).clamp(0, 1) for low, high in WINDOWS], 1)


network = Network()
optimiser = torch.optim.Adam(network.parameters(), lr=1e-5)
loader = DataLoader(Scans(), batch_size=None, shuffle=True, num_workers=1, persistent_workers=True)


def epoch():
    total = 0.0
    for images in loader:
        optimiser.zero_grad(set_to_none=True)
        loss = network.loss(features_in_chunks(network, images, CHUNK), dropout=0.2)
        loss.backward()
        optimiser.step()
        total += loss.item()
    return total / len(loader)


print(json.dumps({"name": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"}), flush=True)
for line in sys.stdin:
    started = time.perf_counter()
    loss = epoch()
    print(json.dumps({"ms": (time.perf_counter() - started) * 1000, "loss": loss}), flush=True)
