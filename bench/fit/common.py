"""What the Python contestants of `npm run bench:training` share: the digits, the measuring, the answer. The one argument is JSON:
{"network", "batch", "images", "epochs", "data"}."""

import json
import sys
import time

import numpy as np

asked = json.loads(sys.argv[1])
network, batch, count = asked["network"], asked["batch"], asked["images"]
shape = {"dense": (784,), "conv": (28, 28, 1), "lstm": (49, 16), "transformer": (49, 16)}[network]


def digits():
    """float32 images of the network's shape, 0 to 1, and int32 labels."""
    images = np.fromfile(f"{asked['data']}/images.u8", dtype=np.uint8, count=count * 784)
    labels = np.fromfile(f"{asked['data']}/labels.u8", dtype=np.uint8, count=count)
    return (images.astype(np.float32) / 255).reshape((count, *shape)), labels.astype(np.int32)


def measure(make):
    """`make()` builds all and returns a function that trains an epoch and gives its mean loss, when all is computed."""
    begun = time.perf_counter()
    epoch = make()
    loss = epoch()
    cold = time.perf_counter() - begun
    steps = -(-count // batch)
    warm = []
    for _ in range(asked["epochs"]):
        begun = time.perf_counter()
        epoch()
        warm.append((time.perf_counter() - begun) * 1000 / steps)
    print(json.dumps({"cold": cold * 1000, "warm": warm, "loss": float(loss)}))
