#!/bin/bash
# Prints all tables of docs/benchmarks.md that compare: with other software (augment, N4, decoders, steps, whole volumes, whole
# trainings), and steps of an adaptation with a plain one. Takes an hour or more, and room for the peers, which are installed once, in a
# temporary folder; best with nothing else running.
# Usage: benchmarks/ratios.sh [rounds]
# PEERS, if set, is a Python environment that has all peers already.
# A comparison whose values differ is reported at the end, and the others go on.
set -eu
ROUNDS=${1:-5}
. "$(dirname "$0")/peers/setup.sh"
SCRIPTS="peers/augment.sh peers/n4.sh peers/decode.sh peers/step.sh peers/segment.sh peers/train.sh"
cd benchmarks
# each script says in a line of its own what it installs if it is called alone
eval "peers $(sed -n 's/^peers //p' $SCRIPTS | tr '\n' ' ')"
export PEERS
FAILED=
for SCRIPT in $SCRIPTS adaptation.sh; do
    echo "== $SCRIPT"
    "./$SCRIPT" "$ROUNDS" || FAILED="$FAILED $SCRIPT"
done
if [ -n "$FAILED" ]; then
    echo "Failed:$FAILED" >&2
    exit 1
fi
