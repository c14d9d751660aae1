#!/bin/bash
# Prints what the steps of an adaptation cost beside a plain training step, as processor time on one core; see
# AdaptationStepBenchmark.
# Usage: benchmarks/adaptation.sh [rounds [width [edge of the patches]]]
set -eu
cd "$(dirname "$0")/.."
TEMPORARY=$(mktemp -d)
trap 'rm -rf "$TEMPORARY"' EXIT
mvn -q -B -ntp -pl plugins/org.scanbridge.learning -am test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile="$TEMPORARY/classpath"
taskset -c 0 "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx2g \
    -cp "plugins/org.scanbridge.learning/target/test-classes:plugins/org.scanbridge.learning/target/classes:$(cat "$TEMPORARY/classpath")" \
    org.scanbridge.learning.experiment.AdaptationStepBenchmark "$@"
