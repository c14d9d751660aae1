#!/bin/bash
# Times the segmentation of a whole volume beside MONAI's, in turns, and compares the values; see segment.py.
# Usage: benchmarks/peers/segment.sh [arguments of segment.py]
# PEERS, if set, is a Python environment that has the peer already.
set -eu
cd "$(dirname "$0")/../.."
TEMPORARY=$(mktemp -d)
trap 'rm -rf "$TEMPORARY"' EXIT
if [ -z "${PEERS:-}" ]; then
    PEERS=$TEMPORARY/peers
    python3 -m venv "$PEERS"
    "$PEERS/bin/pip" install -q "torch==2.*" "monai==1.6.*"
fi
export TMPDIR=$TEMPORARY
mvn -q -B -ntp -pl plugins/org.scanbridge.learning -am test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile="$TEMPORARY/classpath"
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$PEERS/bin/python" benchmarks/peers/segment.py "$JAVA" \
    "plugins/org.scanbridge.learning/target/test-classes:plugins/org.scanbridge.learning/target/classes:$(cat "$TEMPORARY/classpath")" "$@"
