#!/bin/bash
# Times gamma, Gaussian noise, blur and motion beside TorchIO, in turns, and compares the values; see augment.py.
# Usage: benchmarks/peers/augment.sh [rounds]
# PEERS, if set, is a Python environment that has TorchIO already.
set -eu
. "$(dirname "$0")/setup.sh"
peers "torchio==1.2.*"
benchmark_classes
"$PEERS/bin/python" benchmarks/peers/augment.py "$JAVA" "$CLASSES" "${1:-7}"
