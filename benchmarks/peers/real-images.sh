#!/bin/bash
# Makes scans and references of files in public packages; see real-images.py.
# Usage: benchmarks/peers/real-images.sh <folder of ch2.nii.gz and ch2bet.nii.gz> <folder for the scans>
# PEERS, if set, is a Python environment that has antspyx, nibabel, nilearn and scipy already.
set -eu
cd "$(dirname "$0")/../.."
TEMPORARY=$(mktemp -d)
trap 'rm -rf "$TEMPORARY"' EXIT
if [ -z "${PEERS:-}" ]; then
    PEERS=$TEMPORARY/peers
    python3 -m venv "$PEERS"
    "$PEERS/bin/pip" install -q "antspyx==0.6.*" nibabel "nilearn==0.14.*" scipy
fi
"$PEERS/bin/python" benchmarks/peers/real-images.py "$@"
