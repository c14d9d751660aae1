#!/bin/bash
# Prints all tables of docs/benchmarks.md that compare: with other software (augment, N4, decoders, steps, whole volumes), and steps
# of an adaptation with a plain one. Takes an hour or more, and room for the peers in a temporary folder; best with nothing else running.
# Usage: benchmarks/ratios.sh [rounds]
# A comparison whose values differ is reported at the end, and the others go on.
set -u
ROUNDS=${1:-5}
FOLDER=$(dirname "$0")
FAILED=
for SCRIPT in peers/augment.sh peers/n4.sh peers/decode.sh peers/step.sh peers/segment.sh adaptation.sh; do
    echo "== $SCRIPT"
    "$FOLDER/$SCRIPT" "$ROUNDS" || FAILED="$FAILED $SCRIPT"
done
if [ -n "$FAILED" ]; then
    echo "Failed:$FAILED" >&2
    exit 1
fi
