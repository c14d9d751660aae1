#!/usr/bin/env bash
# Library:  TensorFlow 2.16.1 (tensorflow-cpu on PyPI), on a processor.
# Guess:    with enable_op_determinism() a graph gives the same bits for the same input, whatever its size; the memory optimizer
#           among TensorFlow's graph rewriters is for GPUs, and on a processor does something only where memory runs out.
# Behavior: the optimizer takes the processor's memory for 256 MB. Where it estimates that a graph needs more than 80 % of that,
#           it makes a sum of three or more tensors (AddN, as in every gradient of what is used three times) a variable to which
#           each tensor is added once it is ready. Which one is first hangs on threads, so the last bits differ from step to
#           step, op determinism or not. Smaller tensors, or memory_optimization = NO_MEM_OPT, give one result.
# Seen on:  2026-11-30. Output seen:
#             4 MB each: added in the graph's order, one result
#             56 MB each: added once ready, several results
#             56 MB each, NO_MEM_OPT: added in the graph's order, one result
# What it means here: where no GPU is in use, sessions name the rewriters that they want (Devices; DevicesTest).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv environment
environment/bin/pip install --quiet tensorflow-cpu==2.16.1
cat > sums.py <<'PYTHON'
import hashlib
import numpy
import tensorflow as tf
from tensorflow.core.protobuf import config_pb2, rewriter_config_pb2

tf.config.experimental.enable_op_determinism()


def sums(length, memory):
    config = config_pb2.ConfigProto(inter_op_parallelism_threads=3, intra_op_parallelism_threads=1)
    config.graph_options.rewrite_options.memory_optimization = memory
    values = numpy.random.default_rng(1).normal(size=length).astype(numpy.float32)
    with tf.Graph().as_default():
        x = tf.compat.v1.placeholder(tf.float32, [])
        t = tf.fill([length], x) * values
        total = tf.add_n([tf.tanh(t), tf.tanh(-t * 0.7), tf.tanh(t * 0.3)])
        with tf.compat.v1.Session(config=config) as session:
            options = tf.compat.v1.RunOptions(output_partition_graphs=True)
            metadata = tf.compat.v1.RunMetadata()
            seen = {hashlib.sha256(session.run(total, {x: 1}, options=options, run_metadata=metadata).tobytes()).hexdigest()
                    for _ in range(20)}
    rewritten = any(n.op == "TemporaryVariable" for g in metadata.partition_graphs for n in g.node)
    return ("added once ready" if rewritten else "added in the graph's order") + ", " + (
        "one result" if len(seen) == 1 else "several results")


default, none = rewriter_config_pb2.RewriterConfig.DEFAULT_MEM_OPT, rewriter_config_pb2.RewriterConfig.NO_MEM_OPT
print("4 MB each:", sums(1 << 20, default))
print("56 MB each:", sums(14 << 20, default))
print("56 MB each, NO_MEM_OPT:", sums(14 << 20, none))
PYTHON
environment/bin/python sums.py 2> /dev/null | tee seen
diff - seen <<'EXPECTED'
4 MB each: added in the graph's order, one result
56 MB each: added once ready, several results
56 MB each, NO_MEM_OPT: added in the graph's order, one result
EXPECTED
