#!/bin/bash
# Times N4 bias correction beside SimpleITK, in turns, and compares the fields; see n4.py.
# Usage: benchmarks/peers/n4.sh [rounds]
# PEERS, if set, is a Python environment that has the peer already.
set -eu
cd "$(dirname "$0")/../.."
TEMPORARY=$(mktemp -d)
trap 'rm -rf "$TEMPORARY"' EXIT
if [ -z "${PEERS:-}" ]; then
    PEERS=$TEMPORARY/peers
    python3 -m venv "$PEERS"
    "$PEERS/bin/pip" install -q "SimpleITK==2.5.*" numpy
fi
export TMPDIR=$TEMPORARY
mvn -q -B -ntp -Pbenchmarks -pl benchmarks -am compile
JAR=$(find "$HOME/.m2/repository/net/imglib2/imglib2" -name 'imglib2-*.jar' | grep -v sources | sort | tail -1)
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$PEERS/bin/python" benchmarks/peers/n4.py "$JAVA" \
    "benchmarks/target/classes:plugins/org.scanbridge.imaging/target/classes:$JAR" "$@"
