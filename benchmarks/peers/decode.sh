#!/bin/bash
# Times the decoders of compressed pixel data beside CharLS, libjpeg-turbo, libjpeg and OpenJPEG, in turns, and compares the
# pixels; see decode.py.
# Usage: benchmarks/peers/decode.sh [rounds]
# PEERS, if set, is a Python environment that has the peers already.
set -eu
. "$(dirname "$0")/setup.sh"
peers "imagecodecs==2026.*" "pydicom==3.0.*" pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg
test_classes org.scanbridge.dicom
"$PEERS/bin/python" benchmarks/peers/decode.py "$JAVA" "$CLASSES" "$@"
