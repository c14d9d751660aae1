#!/usr/bin/env bash
# Library:  TensorFlow 2.16.2 (tensorflow-cpu on PyPI; the same kernels as in TensorFlow-Java 1.0.0), on a processor.
# Guess:    every second slice along an outer axis, x[:, ::2], is copied as x[:, :n] is: the 8 192 numbers of a slice lie beside
#           each other whatever the stride, so the copy is bound by memory. A broadcast over the last axis likewise: adding a number
#           per channel takes as long with 8 channels as with rows of 64.
# Behavior: with a stride other than 1 the kernel computes the place of every single number by divisions. Half of a tensor takes
#           several times as long as copying all of it. The same slices as x.reshape(n, depth / 2, 2, ...)[:, :, 0] are copied as a
#           whole, with the same values. Broadcasting 8 channels takes up to twice as long as 64 of 8 neighbors.
# Seen on:  2026-12-01, one thread, a busy machine. Output seen (and the ratios: 16.7 for the slices, 1.5 for the channels):
#             the same numbers: True
#             x[:, ::2] takes more than 2.5 times as long as the reshaped slice: True
#             a number per channel, 8 channels, takes more than 1.2 times as long as rows of 64: True
# What it means here: slices with a stride took a sixth of a training step (FilterGradient), norms half as long again where networks
#           predict (Layers.groupNormInference).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet tensorflow-cpu==2.16.2
cat > slices.py <<'PYTHON'
import sys
import time
import numpy
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)


def fastest(functions, *values):
    """Processor seconds of each, in turns."""
    graphs = [tf.function(f) for f in functions]
    for g in graphs:
        g(*values)
    best = [float("inf")] * len(graphs)
    for _ in range(30):
        for n, g in enumerate(graphs):
            start = time.process_time()
            for _ in range(5):
                g(*values)
            best[n] = min(best[n], (time.process_time() - start) / 5)
    return best


x = tf.constant(numpy.random.default_rng(1).normal(size=(4, 32, 32, 32, 8)).astype(numpy.float32))
strided = lambda t: t[:, ::2]
whole = lambda t: tf.slice(tf.reshape(t, [4, 16, 2, 8192]), [0, 0, 0, 0], [4, 16, 1, 8192])
print("the same numbers:", bool(tf.reduce_all(tf.reshape(whole(x), [4, 16, 32, 32, 8]) == strided(x))))
a, b = fastest([strided, whole], x)
print(f"slices {a / b:.1f}", file=sys.stderr)
print("x[:, ::2] takes more than 2.5 times as long as the reshaped slice:", a > 2.5 * b)
flat = tf.reshape(x, [4, 32768, 8])
number = tf.constant(numpy.random.default_rng(2).normal(size=(4, 1, 8)).astype(numpy.float32))
a, b = fastest([lambda t, n: t + n, lambda t, n: tf.reshape(t, [4, 4096, 64]) + tf.tile(n, [1, 1, 8])], flat, number)
print(f"channels {a / b:.1f}", file=sys.stderr)
print("a number per channel, 8 channels, takes more than 1.2 times as long as rows of 64:", a > 1.2 * b)
PYTHON
environment/bin/python slices.py 2> ratios | tee seen
grep -E "^(slices|channels) " ratios
diff - seen <<'EXPECTED'
the same numbers: True
x[:, ::2] takes more than 2.5 times as long as the reshaped slice: True
a number per channel, 8 channels, takes more than 1.2 times as long as rows of 64: True
EXPECTED
