#!/usr/bin/env bash
# The main workflow on an NVIDIA GPU: Linux with x86-64. NOT RUN so far but for its check of libraries: there was no GPU.
# Not part of the build. Needs the driver; python3 with venv for the libraries of CUDA, unless they are installed.
#
#   platform-tests/gpu.sh            builds with -Pgpu (486 MB more to fetch), trains on GPU 0 and on the processor
#   platform-tests/gpu.sh --check    only tells which libraries are missing
#
# 1. looks for the driver and for the libraries that TensorFlow 2.16.2 loads; those of CUDA 12 and cuDNN 8 come from PyPI if they
#    are missing, in the versions of TensorFlow's own extra "and-cuda"
# 2. builds the fragment for GPUs
# 3. trains the main workflow on the GPU and on the processor, and prints seconds, Dice and the device that the manifest names
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(dirname "$here")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'echo "FAILED in line $LINENO" >&2' ERR

libraries=(libcudart.so.12 libcublas.so.12 libcublasLt.so.12 libcufft.so.11 libcusolver.so.11 libcusparse.so.12 libcudnn.so.8)

# The libraries that the loader does not find, one a line.
missing() {
  python3 - "$@" <<'PY'
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        print(name)
PY
}

if [ -n "$(missing libcuda.so.1)" ]; then
  echo "There is no NVIDIA driver (libcuda.so.1): install it by the system's packages; nothing else can replace it" >&2
  [ "${1:-}" = --check ] || exit 2
fi
absent=$(missing "${libraries[@]}")
if [ -n "$absent" ]; then
  printf 'missing of CUDA 12 and cuDNN 8: %s\n' "$(tr '\n' ' ' <<< "$absent")" >&2
fi
if [ "${1:-}" = --check ]; then
  [ -z "$absent" ] || { echo "platform-tests/gpu.sh without --check fetches them from PyPI; docs/gpu.md tells the versions" >&2; exit 3; }
  exit 0
fi
if [ -n "$absent" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q nvidia-cuda-runtime-cu12==12.3.101 nvidia-cublas-cu12==12.3.4.1 nvidia-cufft-cu12==11.0.12.1 \
    nvidia-curand-cu12==10.3.4.107 nvidia-cusolver-cu12==11.5.4.101 nvidia-cusparse-cu12==12.2.0.103 \
    nvidia-nvjitlink-cu12==12.3.101 nvidia-cudnn-cu12==8.9.7.29 nvidia-nccl-cu12==2.19.3 nvidia-cuda-cupti-cu12==12.3.101 \
    nvidia-cuda-nvcc-cu12==12.3.107 nvidia-cuda-nvrtc-cu12==12.3.107
  LD_LIBRARY_PATH=$(find "$work/venv" -path '*/nvidia/*/lib' -type d | tr '\n' ':')${LD_LIBRARY_PATH:-}
  export LD_LIBRARY_PATH
  absent=$(missing "${libraries[@]}")
  [ -z "$absent" ] || { echo "still missing: $absent" >&2; exit 3; }
fi

mvn -B -ntp -q -f "$root/pom.xml" -Pgpu -pl plugins/org.scanbridge.tensorflow.linux.x86_64.gpu,plugins/standin/runtime -am \
  -Dmaven.test.skip=true package
mkdir "$work/natives"
python3 - "$(ls "$root"/plugins/org.scanbridge.tensorflow.linux.x86_64.gpu/target/*.jar | head -1)" "$work/natives" <<'PY'
import sys, zipfile
zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])
PY
natives=$work/natives/native/org/tensorflow/internal/c_api/linux-x86_64-gpu

run() { # name, device, further environment
  local begun
  begun=$(date +%s)
  "$root/scanbridge-batch" -reset -nosave -failonloaderror "-workflowDir=$root/workflows/Adapt a model to a new site" \
    "-workflow.variable=outputDir,$work/$1,String" "-option=6,training/device,$2,String" "-option=7,training/device,$2,String" \
    "-option=8,training/device,$2,String" > "$work/$1.log" 2>&1 || { tail -20 "$work/$1.log"; exit 4; }
  echo "$1: $(( $(date +%s) - begun )) s"
  grep -E '^(Segmentation Learner|Domain Adaptation Learner)' "$work/$1.log"
  python3 - "$work/$1" <<'PY'
import csv, re, statistics, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/scores.csv")))
for model in ("source-only", "adapted", "oracle"):
    values = [float(r["dice"]) for r in rows if r["model"] == model and r["role"] == "test" and r["domain"] == "target" and r["dice"]]
    print(f"  {model} on B: {statistics.fmean(values):.3f}")
print("  devices:", *sorted(set(re.findall(r'"device": *"([^"]*)"', open(sys.argv[1] + "/manifest.json").read()))))
PY
}

TENSORFLOW_LIBRARY_PATH=$natives run gpu GPU
run processor CPU
