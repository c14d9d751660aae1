#!/bin/bash
# Prints what the steps of an adaptation cost beside a plain training step, as processor time on one core; see
# AdaptationStepBenchmark.
# Usage: benchmarks/adaptation.sh [rounds [width [edge of the patches]]]
set -eu
. "$(dirname "$0")/peers/setup.sh"
test_classes org.scanbridge.learning
taskset -c 0 "$JAVA" -Xmx2g -cp "$CLASSES" org.scanbridge.learning.experiment.AdaptationStepBenchmark "$@"
