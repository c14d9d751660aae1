#!/bin/bash
# Times the segmentation of a whole volume beside MONAI's, in turns, and compares the values; see segment.py.
# Usage: benchmarks/peers/segment.sh [arguments of segment.py]
# PEERS, if set, is a Python environment that has the peer already.
set -eu
. "$(dirname "$0")/setup.sh"
peers "torch==2.*" "monai==1.6.*"
test_classes org.scanbridge.learning
"$PEERS/bin/python" benchmarks/peers/segment.py "$JAVA" "$CLASSES" "$@"
