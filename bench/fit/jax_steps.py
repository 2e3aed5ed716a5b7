"""JAX: a step compiled by XLA, the data on the device, the batch gathered within the step."""

import common
import jax
import numpy as np
from jax import numpy as jnp

images, labels = common.digits()
x, y = jnp.asarray(images), jnp.asarray(labels)
rng = np.random.default_rng()


def weights(*lengths):
    limit = np.sqrt(6 / (np.prod(lengths[:-2]) * (lengths[-2] + lengths[-1])))
    return jnp.asarray(rng.uniform(-limit, limit, lengths), jnp.float32)


def dense(inputs, outputs):
    return {"w": weights(inputs, outputs), "b": jnp.zeros(outputs)}


def affine(layer, inputs):
    return inputs @ layer["w"] + layer["b"]


def normalized(layer, inputs):
    centered = inputs - inputs.mean(-1, keepdims=True)
    return centered * jax.lax.rsqrt((centered**2).mean(-1, keepdims=True) + 1e-3) * layer["w"] + layer["b"]


def convolved(layer, inputs):
    convolution = jax.lax.conv_general_dilated(inputs, layer["w"], (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    active = jax.nn.relu(convolution + layer["b"])
    return jax.lax.reduce_window(active, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def run_dense(p, inputs):
    return affine(p["last"], jax.nn.relu(affine(p["first"], inputs)))


def run_conv(p, inputs):
    return affine(p["last"], convolved(p["two"], convolved(p["one"], inputs)).reshape(len(inputs), -1))


def run_lstm(p, inputs):
    def cell(state, step):
        hidden, memory = state
        i, f, g, o = jnp.split(step + hidden @ p["recurrent"], 4, -1)
        memory = jax.nn.sigmoid(f) * memory + jax.nn.sigmoid(i) * jnp.tanh(g)
        return (jax.nn.sigmoid(o) * jnp.tanh(memory), memory), None

    zeros = jnp.zeros((len(inputs), 64))
    (hidden, _), _ = jax.lax.scan(cell, (zeros, zeros), affine(p["input"], inputs).swapaxes(0, 1))
    return affine(p["last"], hidden)


def run_transformer(p, inputs):
    embedded = affine(p["embed"], inputs)
    q, k, v = (affine(p[name], embedded).reshape(len(inputs), 49, 4, 16) for name in ("q", "k", "v"))
    scores = jax.nn.softmax(jnp.einsum("nthd,nshd->nhts", q, k) / 4)
    attended = affine(p["o"], jnp.einsum("nhts,nshd->nthd", scores, v).reshape(len(inputs), 49, 64))
    one = normalized(p["n1"], embedded + attended)
    two = normalized(p["n2"], one + affine(p["down"], jax.nn.relu(affine(p["up"], one))))
    return affine(p["last"], two.mean(1))


def start():
    if common.network == "dense":
        return run_dense, {"first": dense(784, 128), "last": dense(128, 10)}
    if common.network == "conv":
        kernels = {"one": {"w": weights(3, 3, 1, 32), "b": jnp.zeros(32)}, "two": {"w": weights(3, 3, 32, 64), "b": jnp.zeros(64)}}
        return run_conv, {**kernels, "last": dense(1600, 10)}
    if common.network == "lstm":
        return run_lstm, {"input": dense(16, 256), "recurrent": weights(64, 256), "last": dense(64, 10)}
    norm = lambda: {"w": jnp.ones(64), "b": jnp.zeros(64)}
    squares = {name: dense(64, 64) for name in ("q", "k", "v", "o")}
    rest = {"embed": dense(16, 64), "up": dense(64, 128), "down": dense(128, 64), "last": dense(64, 10)}
    return run_transformer, {**squares, **rest, "n1": norm(), "n2": norm()}


def make():
    run, p = start()
    zeros = jax.tree.map(jnp.zeros_like, p)

    def loss_of(p, part):
        logits = run(p, x[part])
        wanted = y[part]
        loss = -jnp.take_along_axis(jax.nn.log_softmax(logits), wanted[:, None], 1).mean()
        return loss, (logits.argmax(-1) == wanted).sum()

    def step(state, part):
        p, m, v, t, total, right = state
        (loss, hits), g = jax.value_and_grad(loss_of, has_aux=True)(p, part)
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        rate = 0.001 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        p = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-7), p, m, v)
        return p, m, v, t, total + loss * len(part), right + hits

    step = jax.jit(step, donate_argnums=0)
    state = (p, zeros, jax.tree.map(jnp.zeros_like, p), jnp.zeros(()))

    def epoch():
        nonlocal state
        all_of_it = (*state, jnp.zeros(()), jnp.zeros((), jnp.int32))
        order = rng.permutation(len(x)).astype(np.int32)
        for at in range(0, len(x), common.batch):
            all_of_it = step(all_of_it, order[at : at + common.batch])
        *kept, total, _ = all_of_it
        state = tuple(kept)
        return float(total) / len(x)

    return epoch


common.measure(make)
