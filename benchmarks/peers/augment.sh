#!/bin/bash
# Times gamma, Gaussian noise, blur and motion beside TorchIO, in turns, and compares the values; see augment.py.
# Usage: benchmarks/peers/augment.sh [rounds]
# PEERS, if set, is a Python environment that has TorchIO already.
set -eu
cd "$(dirname "$0")/../.."
if [ -z "${PEERS:-}" ]; then
    PEERS=$(mktemp -d)
    trap 'rm -rf "$PEERS"' EXIT
    python3 -m venv "$PEERS"
    "$PEERS/bin/pip" install -q "torchio==1.2.*"
fi
mvn -q -B -ntp -Pbenchmarks -pl benchmarks -am compile
JAR=$(find "$HOME/.m2/repository/net/imglib2/imglib2" -name 'imglib2-*.jar' | grep -v sources | sort | tail -1)
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$PEERS/bin/python" benchmarks/peers/augment.py "$JAVA" \
    "benchmarks/target/classes:plugins/org.scanbridge.imaging/target/classes:$JAR" "${1:-7}"
