#!/bin/bash
# Times a training step and a forward pass beside PyTorch, in turns, and compares the values; see step.py.
# Usage: benchmarks/peers/step.sh [arguments of step.py]
# PEERS, if set, is a Python environment that has the peer already.
set -eu
. "$(dirname "$0")/setup.sh"
peers "torch==2.*" numpy
test_classes org.scanbridge.learning
"$PEERS/bin/python" benchmarks/peers/step.py "$JAVA" "$CLASSES" "$@"
