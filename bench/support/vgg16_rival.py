"""A rival that runs rounds of PyTorch's full-size network on command.

Reads one command a line (forward, plain, checkpoint) and answers each with one JSON line {"ms", "loss"}.
Arguments: slices, slices a chunk, threads.
"""
import json
import sys
import time

import torch
from full_size import Network, features_in_chunks, hash_numbers

SLICES, CHUNK, THREADS = (int(a) for a in sys.argv[1:4])
torch.set_num_threads(THREADS)

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


COMMANDS = {
    "forward": forward,
    "plain": lambda: train(lambda: network.trunk(images)),
    "checkpoint": lambda: train(lambda: features_in_chunks(network, images, CHUNK)),
}
print(json.dumps({"name": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"}), flush=True)
for line in sys.stdin:
    started = time.perf_counter()
    loss = COMMANDS[line.strip()]().item()
    print(json.dumps({"ms": (time.perf_counter() - started) * 1000, "loss": loss}), flush=True)
