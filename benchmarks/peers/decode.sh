#!/bin/bash
# Times the decoders of compressed pixel data beside CharLS, libjpeg-turbo, libjpeg and OpenJPEG, in turns, and compares the
# pixels; see decode.py.
# Usage: benchmarks/peers/decode.sh [rounds]
# PEERS, if set, is a Python environment that has the peers already.
set -eu
cd "$(dirname "$0")/../.."
TEMPORARY=$(mktemp -d)
trap 'rm -rf "$TEMPORARY"' EXIT
if [ -z "${PEERS:-}" ]; then
    PEERS=$TEMPORARY/peers
    python3 -m venv "$PEERS"
    "$PEERS/bin/pip" install -q "imagecodecs==2026.*" "pydicom==3.0.*" pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg
fi
export TMPDIR=$TEMPORARY
mvn -q -B -ntp -pl plugins/org.scanbridge.dicom -am test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile="$TEMPORARY/classpath"
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$PEERS/bin/python" benchmarks/peers/decode.py "$JAVA" \
    "plugins/org.scanbridge.dicom/target/test-classes:plugins/org.scanbridge.dicom/target/classes:$(cat "$TEMPORARY/classpath")" "$@"
