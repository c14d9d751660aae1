#!/bin/bash
# Makes scans and references of files in public packages; see real-images.py.
# Usage: benchmarks/peers/real-images.sh <folder of ch2.nii.gz and ch2bet.nii.gz> <folder for the scans>
# PEERS, if set, is a Python environment that has antspyx, nibabel, nilearn and scipy already.
set -eu
. "$(dirname "$0")/setup.sh"
peers "antspyx==0.6.*" nibabel "nilearn==0.14.*" scipy
"$PEERS/bin/python" benchmarks/peers/real-images.py "$@"
