#!/bin/bash
# Times N4 bias correction beside SimpleITK, in turns, and compares the fields; see n4.py.
# Usage: benchmarks/peers/n4.sh [rounds]
# PEERS, if set, is a Python environment that has the peer already.
set -eu
. "$(dirname "$0")/setup.sh"
peers "SimpleITK==2.5.*" numpy
benchmark_classes
"$PEERS/bin/python" benchmarks/peers/n4.py "$JAVA" "$CLASSES" "$@"
