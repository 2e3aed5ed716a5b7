"""PyTorch's usual loop with fused Adam; a second argument `compile` compiles the model's forward pass, loss included."""

import sys

import common
import torch
from torch import nn
from torch.nn import functional as F

images, labels = common.digits()
x, y = torch.from_numpy(images), torch.from_numpy(labels).long()
if common.network == "conv":
    x = x.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.last = nn.LSTM(16, 64, batch_first=True), nn.Linear(64, 10)

    def forward(self, inputs):
        return self.last(self.lstm(inputs)[0][:, -1])


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.attention = nn.Linear(16, 64), nn.MultiheadAttention(64, 4, batch_first=True)
        self.one, self.two = nn.LayerNorm(64), nn.LayerNorm(64)
        self.up, self.down, self.last = nn.Linear(64, 128), nn.Linear(128, 64), nn.Linear(64, 10)

    def forward(self, inputs):
        embedded = self.embed(inputs)
        attended, _ = self.attention(embedded, embedded, embedded, need_weights=False)
        one = self.one(embedded + attended)
        return self.last(self.two(one + self.down(F.relu(self.up(one)))).mean(1))


def network():
    if common.network == "dense":
        return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    if common.network == "conv":
        first = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)]
        second = [nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)]
        model = nn.Sequential(*first, *second, nn.Flatten(), nn.Linear(1600, 10))
        return model.to(memory_format=torch.channels_last)
    return Lstm() if common.network == "lstm" else Block()


def make():
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), fused=True)

    def forward(images, labels):
        logits = model(images)
        return F.cross_entropy(logits, labels), (logits.argmax(1) == labels).sum()

    if "compile" in sys.argv[2:]:
        forward = torch.compile(forward, dynamic=False)

    def epoch():
        total, right = torch.zeros(()), torch.zeros((), dtype=torch.long)
        for part in torch.randperm(len(x)).split(common.batch):
            loss, hits = forward(x[part], y[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(part)
            right += hits
        return total.item() / len(x)

    return epoch


common.measure(make)
