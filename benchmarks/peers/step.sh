#!/bin/bash
# Times a training step and a forward pass beside PyTorch, in turns, and compares the values; see step.py.
# Usage: benchmarks/peers/step.sh [arguments of step.py]
# PEERS, if set, is a Python environment that has the peer already.
set -eu
cd "$(dirname "$0")/../.."
TEMPORARY=$(mktemp -d)
trap 'rm -rf "$TEMPORARY"' EXIT
if [ -z "${PEERS:-}" ]; then
    PEERS=$TEMPORARY/peers
    python3 -m venv "$PEERS"
    "$PEERS/bin/pip" install -q "torch==2.*" numpy
fi
export TMPDIR=$TEMPORARY
mvn -q -B -ntp -pl plugins/org.scanbridge.learning -am test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile="$TEMPORARY/classpath"
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$PEERS/bin/python" benchmarks/peers/step.py "$JAVA" \
    "plugins/org.scanbridge.learning/target/test-classes:plugins/org.scanbridge.learning/target/classes:$(cat "$TEMPORARY/classpath")" "$@"
