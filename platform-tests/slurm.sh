#!/usr/bin/env bash
# Many studies on a real Slurm: a cluster of one node on this computer's loopback, with daemons, keys and ports of its own.
# Not part of the build. Needs root for apt where Slurm is not installed, python3 with venv, and a built product.
#
#   platform-tests/slurm.sh                     20 studies; STUDIES=6 for a quick look
#   EXECUTOR=/opt/scanbridge-batch-0.1.0/scanbridge-batch platform-tests/slurm.sh      the released zip instead of the checkout
#
# 1. segments all studies with Snakemake on this machine alone
# 2. the same as jobs of Slurm; one job's processes are killed and one job is canceled while they run
# 3. the merged tables must be the same, byte for byte, and both jobs must have been repeated
# 4. the marker of one study removed: Snakemake started again runs that one only
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(dirname "$here")
studies=${STUDIES:-20}
executor=${EXECUTOR:-$root/scanbridge-batch}
cores=${CORES:-$(nproc)}
work=$(mktemp -d)
pids=()
owned=
finish() {
  [ -z "$owned" ] || rm -f "$owned"
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  if [ -n "${KEEP:-}" ]; then echo "kept: $work"; else rm -rf "$work"; fi
}
trap finish EXIT
trap 'echo "FAILED in line $LINENO" >&2' ERR

say() { printf '\n== %s\n' "$*"; }
die() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

if ! command -v slurmctld > /dev/null || ! command -v munged > /dev/null; then
  say "installing slurm-wlm and munge"
  apt-get install -y --no-install-recommends slurm-wlm munge > /dev/null
fi
if [ -z "${SNAKEMAKE:-}" ]; then
  say "installing Snakemake"
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q -r "$root/cluster/requirements.txt"
  SNAKEMAKE=$work/venv/bin/snakemake
fi
PATH=$(dirname "$SNAKEMAKE"):$PATH

say "generating $studies studies and a network"
SCANBRIDGE_HEAP=1g "$executor" -reset -nosave -failonloaderror -workflowDir="$here/archive/Make inputs" \
  -workflow.variable=studyDir,"$work/generated",String -workflow.variable=networkDir,"$work/network",String \
  -workflow.variable=subjects,$(( (studies + 1) / 2 )),int > "$work/log" 2>&1 || { tail -20 "$work/log"; die "no inputs"; }
mkdir "$work/studies"
for folder in $(find "$work/generated" -mindepth 2 -maxdepth 2 -type d | sort | head -n "$studies"); do
  mv "$folder" "$work/studies/"
done
# One study that cannot be segmented: it must be a row of both tables.
mkdir "$work/studies/unreadable"
echo "no image" > "$work/studies/unreadable/file.txt"

configuration() { # results
  cat > "$work/$1.yaml" <<YAML
results: $work/$1
executor: $executor
memory_mb: 2500
overhead_mb: 1500
threads: 1
retries: 2
minutes: 30
segment: {studies: $work/studies, network: $work/network/network.zip, spacing: 1.0, options: []}
YAML
}

snakemake_run() { # results, further arguments
  local results=$1
  shift
  (cd "$work" && mkdir -p "run-$results" && cd "run-$results" && "$SNAKEMAKE" -s "$root/cluster/Snakefile" \
    --configfile "$work/$results.yaml" "$@" segment_all) > "$work/$results.log" 2>&1
}

say "on this machine alone"
configuration one
begun=$(date +%s)
snakemake_run one --cores "$cores" || { tail -30 "$work/one.log"; die "the local run"; }
echo "$(( $(date +%s) - begun )) s with $cores jobs at a time"

say "starting Slurm"
# Jobs look for it there: Snakemake takes Slurm's variables out of their environment.
conf=/etc/slurm/slurm.conf
[ ! -e "$conf" ] || die "this computer has a Slurm already ($conf): run it there with cluster/profiles/slurm"
host=$(hostname -s)
mkdir -p "$work/slurm/state" "$work/slurm/spool" "$work/munge"
chmod 755 "$work" "$work/munge"
chmod 711 "$work/slurm"
(umask 077; head -c 1024 /dev/urandom > "$work/munge/key")
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed" > /dev/null 2>&1 & pids+=($!)
mkdir -p "$(dirname "$conf")"
owned=$conf
cat > "$conf" <<CONF
ClusterName=scanbridge
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=${PORT:-16817}
SlurmdPort=$(( ${PORT:-16817} + 1 ))
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
StateSaveLocation=$work/slurm/state
SlurmdSpoolDir=$work/slurm/spool
SlurmctldPidFile=$work/slurm/slurmctld.pid
SlurmdPidFile=$work/slurm/slurmd.pid
SlurmctldLogFile=$work/slurm/slurmctld.log
SlurmdLogFile=$work/slurm/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobRequeue=0
MinJobAge=3600
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SlurmdParameters=config_overrides
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cores RealMemory=64000 State=UNKNOWN
PartitionName=studies Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
sleep 1
slurmctld -D > /dev/null 2>&1 & pids+=($!)
slurmd -D -N "$host" > /dev/null 2>&1 & pids+=($!)
for _ in $(seq 100); do
  if sinfo -h -o %t 2> /dev/null | grep -q idle; then break; fi
  sleep 0.3
done
sinfo -h -o %t | grep -q idle || { tail -5 "$work"/slurm/*.log; die "Slurm does not start"; }
sinfo --version

say "as jobs of Slurm"
configuration many
begun=$(date +%s)
snakemake_run many --executor slurm --jobs 100 --slurm-no-account --slurm-status-command squeue \
  --slurm-init-seconds-before-status-checks 5 --slurm-keep-successful-logs --default-resources slurm_partition=studies --latency-wait 30 \
  --slurm-logdir "$work/slurm-logs" & run=$!
pids+=("$run")

# The studies that are being segmented now.
running() { pgrep -af "scripts/run_batch.py --status=$work/many" | sed -n 's|.*--name=\([^ ]*\) .*|\1|p' | sort -u | grep -v unreadable; }

killed= canceled=
for _ in $(seq 3000); do
  kill -0 "$run" 2> /dev/null || break
  for name in $(running || true); do
    if [ -z "$killed" ]; then
      killed=$name
      sleep 2
      # all processes of that study, as when a machine goes down
      pgrep -f -- "$work/many/segment/$name[/ ]|$work/studies/$name\"" | xargs -r kill -9 || true
      echo "killed the processes of $killed"
    elif [ -z "$canceled" ] && [ "$name" != "$killed" ]; then
      pid=$(pgrep -f -- "run_batch.py --status=$work/many/segment/$name/" | head -1 || true)
      job=$([ -z "$pid" ] || tr '\0' '\n' < "/proc/$pid/environ" | sed -n 's/^SLURM_JOB_ID=//p')
      if [ -n "${job:-}" ]; then
        canceled=$name
        scancel "$job"
        echo "canceled job $job of $canceled"
      fi
    fi
  done
  [ -z "$killed" ] || [ -z "$canceled" ] || break
  sleep 0.5
done
wait "$run" || { tail -40 "$work/many.log"; die "the run on Slurm"; }
echo "$(( $(date +%s) - begun )) s, $(grep -c 'submitted with' "$work/many.log" || true) submissions"
[ -n "$killed" ] && [ -n "$canceled" ] || die "the jobs were over before one could be killed"

say "comparing"
cmp "$work/one/segmentations.csv" "$work/many/segmentations.csv" || die "the tables differ"
rows=$(($(wc -l < "$work/many/segmentations.csv") - 1))
[ "$(cut -d, -f1 "$work/many/segmentations.csv" | sort -u | wc -l)" = $((studies + 2)) ] || die "studies are missing"
grep -q '^unreadable,failed,' "$work/many/segmentations.csv" || die "the study that failed is not named"
for name in "$killed" "$canceled"; do
  attempt=$(sed -n 's/.*"attempt": \([0-9]*\).*/\1/p' "$work/many/segment/$name/status.json")
  [ "$attempt" -ge 2 ] || die "$name was not repeated"
done
echo "$rows rows, the same bytes; $killed and $canceled were run again"

say "resuming"
rm "$work/many/segment/$killed/status.json"
snakemake_run many --rerun-triggers mtime --cores "$cores" || { tail -30 "$work/many.log"; die "the resumed run"; }
again=$(grep -c '^localrule segment:\|^rule segment:' "$work/many.log" || true)
[ "$again" = 1 ] || die "$again studies were segmented again instead of the one without a marker"
cmp "$work/one/segmentations.csv" "$work/many/segmentations.csv" || die "the tables differ after resuming"
cat "$work/one/segmentation-costs.csv" > "${COSTS:-/dev/null}"
sort -t, -k2 -n "$work/one/segmentation-costs.csv" | awk -F, 'NR > 1 {s[NR] = $2; p += $3; if ($4 > m) m = $4; n++}
  END {printf "one machine, per study: %.1f s in the median, %.1f s of processor time in the mean, %d MB at the peak\n", s[int(NR / 2) + 1], p / n, m}'
say "done"
