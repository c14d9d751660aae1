#!/bin/bash
# Times whole trainings with and without augmentation beside MONAI, in turns, and compares the networks' Dice; see train.py.
# Usage: benchmarks/peers/train.sh [arguments of train.py]
# PEERS, if set, is a Python environment that has the peer already.
set -eu
. "$(dirname "$0")/setup.sh"
peers "torch==2.*" "monai==1.6.*"
test_classes org.scanbridge.learning
"$PEERS/bin/python" benchmarks/peers/train.py "$JAVA" "$CLASSES" "$@"
