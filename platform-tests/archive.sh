#!/usr/bin/env bash
# The nodes of the archive against a real server: Orthanc with its DICOMweb plugin, on this computer's loopback only.
# Not part of the build. Needs root for apt where Orthanc is not installed, curl, python3 and a built product.
#
#   platform-tests/archive.sh                 200 series of 60 slices; SUBJECTS=10 for a quick look; KEEP=1 leaves the files there
#
# 1. throughput of the DICOM Archive Reader against the DICOM Reader on the same files, and against curl alone, which is the
#    server's own share
# 2. "Segment studies of the archive", the server killed in the middle and started again: nothing lost, nothing doubled
# 3. what was stored has the voxels of what "Segment new DICOM with a trained network" writes from the same files
# 4. with JPEG2000=FILE: a file that this server cannot transcode comes as it is stored
# 5. with PARTS=objects (python3-venv, and packages from PyPI): one series kept in JPEG 2000, JPEG-LS and RLE is segmented like the
#    original; segmentations, label maps and structure sets that were stored are found again, read by pydicom and highdicom with
#    the same content, and refer to what is there
# 6. with PARTS=second (python3-venv, and tiny-pacs-dicomweb from PyPI): a server of another make, which refuses what it has
#    already, tells no number of images and takes tokens: images are read from it, and segmentations stored in it, once
#
# PARTS says which: "throughput restart" if not given, where "throughput" is 1 and "restart" is 2 and 3.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(dirname "$here")
subjects=${SUBJECTS:-100}          # of each of two sites
port=${PORT:-18042}
work=$(mktemp -d)
server=
second=
trap 'for s in $server $second; do kill "$s" 2>/dev/null || true; done
  [ -n "${KEEP:-}" ] && echo "kept: $work" || rm -rf "$work"' EXIT

trap 'echo "FAILED in line $LINENO" >&2' ERR

parts=" ${PARTS:-throughput restart} "
for part in $parts; do
  case $part in
    throughput | restart | objects | second) ;;
    *) echo "PARTS=$part is none of: throughput restart objects second" >&2; exit 2 ;;
  esac
done
does() { [[ $parts == *" $1 "* ]]; }

say() { printf '\n== %s\n' "$*"; }
die() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

if ! command -v Orthanc >/dev/null; then
  say "installing orthanc and orthanc-dicomweb"
  apt-get install -y --no-install-recommends orthanc orthanc-dicomweb >/dev/null
fi

# A user and a password, so that the credentials file is tested, too.
secret=$(head -c 12 /dev/urandom | base64 | tr -d '+/=')
(umask 077; printf 'user=rad\npassword=%s\n' "$secret" > "$work/credentials"; printf 'user = "rad:%s"\n' "$secret" > "$work/curlrc")
plugin=$(find /usr/share/orthanc/plugins -name 'libOrthancDicomWeb.so*' | head -1)
cat > "$work/orthanc.json" <<JSON
{"StorageDirectory": "$work/db", "IndexDirectory": "$work/db", "HttpPort": $port, "DicomServerEnabled": false,
 "RemoteAccessAllowed": false, "AuthenticationEnabled": true, "RegisteredUsers": {"rad": "$secret"},
 "HttpThreadsCount": 20, "ConcurrentJobs": 2, "Plugins": ["$plugin"], "DicomWeb": {"Enable": true, "Root": "/dicom-web/"}}
JSON
api=http://127.0.0.1:$port
archive=$api/dicom-web
get() { curl -sf -K "$work/curlrc" "$@"; }

start() {
  Orthanc "$work/orthanc.json" >> "$work/orthanc.log" 2>&1 &
  server=$!
  disown "$server"
  for _ in $(seq 100); do
    if get "$api/system" > /dev/null; then return; fi
    sleep 0.2
  done
  tail -5 "$work/orthanc.log"; die "Orthanc does not start"
}

stop() { kill -9 "$server" 2>/dev/null || true; while kill -0 "$server" 2>/dev/null; do sleep 0.1; done; server=; }

batch() {
  SCANBRIDGE_HEAP=${SCANBRIDGE_HEAP:-3g} "$root/scanbridge-batch" -reset -nosave -failonloaderror "$@" > "$work/log" 2>&1
}

# Seconds that a node took, from the table at the end of a run: h:mm:ss, m:ss.s or s.
seconds() { python3 "$here/archive/seconds.py" "$work/log" "$1"; }

count() { get "$archive/series?00080060=$1" | python3 -c 'import json,sys; print(len(json.load(sys.stdin)))'; }

# What a query would take too long for while something is stored: this server parses whole segmentations to answer it.
instances() { get "$api/statistics" | python3 -c 'import json,sys; print(json.load(sys.stdin)["CountInstances"])'; }

upload() { # folder
  python3 - "$1" "$work/upload.zip" <<'PY'
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[2], "w") as z:
    for at, _, files in os.walk(sys.argv[1]):
        for f in files:
            z.write(os.path.join(at, f))
PY
  get -X POST --data-binary "@$work/upload.zip" "$api/instances" > /dev/null
  rm "$work/upload.zip"
}

say "generating $((2 * subjects)) series and a network"
batch -workflowDir="$here/archive/Make inputs" -workflow.variable=studyDir,"$work/study",String \
  -workflow.variable=networkDir,"$work/network",String -workflow.variable=subjects,"$subjects",int || { tail -20 "$work/log"; die "no inputs"; }
start
upload "$work/study"
mr=$(count MR); seg=$(count SEG)
echo "in the archive: $mr MR series, $seg segmentations"

if does throughput; then

# The same series by curl, as many at once as the node fetches.
by_curl() {
  get "$archive/series?00080060=MR" | python3 -c 'import json, sys
for s in json.load(sys.stdin): print("studies/%s/series/%s" % (s["0020000D"]["Value"][0], s["0020000E"]["Value"][0]))' > "$work/series"
  python3 - "$work" "$archive" <<'PY'
import subprocess, sys, time
work, archive = sys.argv[1:]
begin = time.time()
subprocess.run(["xargs", "-P", "4", "-I{}", "sh", "-c", 'curl -sf -K "$0/curlrc" -o /dev/null -H "$3" "$1/$2"',
                work, archive, "{}", 'Accept: multipart/related; type="application/dicom"; transfer-syntax=*'],
               stdin=open(work + "/series"), check=True)
print("curl alone %.1f s" % (time.time() - begin))
PY
}

say "throughput"
# The first round warms disk and server. Each has a cache of its own, and nothing is deleted in between: making files soon after
# many were deleted takes several times as long on ext4, which would count against the archive.
rounds=${ROUNDS:-6}
for round in $(seq "$rounds"); do
  batch -workflowDir="$here/archive/Read from folder" -workflow.variable=studyDir,"$work/study",String || { tail -20 "$work/log"; die "folder"; }
  disk=$(seconds "DICOM Reader")
  batch -workflowDir="$here/archive/Read from archive" -workflow.variable=archive,"$archive",String \
    -workflow.variable=credentialsFile,"$work/credentials",String -workflow.variable=cacheDir,"$work/cache-$round",String \
    || { tail -20 "$work/log"; die "archive"; }
  net=$(seconds "DICOM Archive Reader")
  if grep -q "problem" "$work/log"; then grep "problem" "$work/log"; fi
  echo "$round $disk $net" | tee -a "$work/rounds"
  by_curl
done
python3 "$here/archive/shares.py" "$work/rounds" "${BAR:-60}"
size=$(du -sm --apparent-size "$work/cache-$rounds/images" | cut -f1)

say "a cache of a quarter of the $size MB"
rm -rf "$work/cache"
batch -workflowDir="$here/archive/Read from archive" -workflow.variable=archive,"$archive",String \
  -workflow.variable=credentialsFile,"$work/credentials",String -workflow.variable=cacheDir,"$work/cache",String \
  -workflow.variable=cacheMegabytes,$((size / 4 + 1)),int || { tail -20 "$work/log"; die "small cache"; }
left=$(du -sm --apparent-size "$work/cache/images" | cut -f1)
[ "$left" -le $((size / 4 + 2)) ] || die "$left MB are left of a cache of $((size / 4 + 1)) MB"
echo "$left MB are left"
rm -rf "$work/cache"

fi
if does restart; then

say "segmenting studies of the archive, the server killed in the middle"
flow() {
  batch -workflowDir="$root/workflows/Segment studies of the archive" -workflow.variable=archive,"$archive",String \
    -workflow.variable=credentialsFile,"$work/credentials",String -workflow.variable=networkFile,"$work/network/network.zip",String \
    -workflow.variable=outputDir,"$work/out",String -option=2,cacheFolder,"$work/cache",String -option=1,archive/tries,12,int \
    -option=2,archive/tries,12,int -option=9,archive/tries,12,int
}
before=$(instances)
flow & run=$!
# while it fetches: a sixth of the series is there
for _ in $(seq 600); do
  n=$( (find "$work/cache/images" -name '*.zip' 2>/dev/null || true) | wc -l)
  if [ "$n" -ge $(((mr + 5) / 6)) ] || ! kill -0 "$run" 2>/dev/null; then break; fi
  sleep 0.1
done
kill -0 "$run" 2>/dev/null || die "the run was over before the server could be killed; take more SUBJECTS"
stop; echo "killed after $n of $mr series"; sleep 3; start
# and once more while it stores
for _ in $(seq 6000); do
  n=$(($(instances) - before))
  if [ "$n" -ge 2 ] || ! kill -0 "$run" 2>/dev/null; then break; fi
  sleep 0.1
done
stop; sleep 3; start
n=$(($(instances) - before))
if [ "$n" -lt 2 ] || [ "$n" -ge "$mr" ]; then die "not killed while storing: $n of $mr objects were there; take more SUBJECTS"; fi
echo "killed again when $n of $mr segmentations were stored"
status=0; wait "$run" || status=$?
echo "exit code $status"
if [ "$status" != 0 ]; then tail -5 "$work/log"; echo "running it again"; flow || { tail -20 "$work/log"; die "the second run"; }; fi
now=$(count SEG)
[ "$now" = $((seg + mr)) ] || die "$now segmentations instead of $((seg + mr))"
flow || { tail -20 "$work/log"; die "the repeated run"; }
[ "$(count SEG)" = "$now" ] || die "a repeated run stored something twice"
echo "$((now - seg)) segmentations stored, none lost, none doubled"

say "the same from the folder"
batch -workflowDir="$root/workflows/Segment new DICOM with a trained network" -workflow.variable=studyDir,"$work/study",String \
  -workflow.variable=networkFile,"$work/network/network.zip",String -workflow.variable=outputDir,"$work/out2",String \
  || { tail -20 "$work/log"; die "the folder's workflow"; }
python3 "$here/archive/same_pixels.py" "$work/out" "$work/out2" "$mr" || die "other voxels than from the folder"

fi
if does objects; then
  say "what others read"
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q pydicom highdicom pylibjpeg pylibjpeg-openjpeg pyjpegls
  python="$work/venv/bin/python"
  "$python" "$here/archive/compress.py" "$work/study" "$work/compressed"
  upload "$work/compressed"
  # one day of 1950 for each way of keeping the series
  segment() { # day, form, folder
    batch -workflowDir="$root/workflows/Segment studies of the archive" -workflow.variable=archive,"$archive",String \
      -workflow.variable=credentialsFile,"$work/credentials",String -workflow.variable=networkFile,"$work/network/network.zip",String \
      -workflow.variable=outputDir,"$3",String -option=2,cacheFolder,"$work/cache",String -option=8,form,"$2",String \
      -workflow.variable=from,"1950-01-$1",String -workflow.variable=to,"1950-01-$1",String || { tail -20 "$work/log"; die "$2 of day $1"; }
  }
  segment 01 DICOM_SEG "$work/native"
  segment 02 DICOM_SEG "$work/j2k"
  segment 03 DICOM_SEG "$work/jls"
  segment 04 DICOM_SEG "$work/rle"
  "$python" "$here/archive/same_masks.py" "$work/native" "$work/j2k" "$work/jls" "$work/rle" || die "compression changed the voxels"
  segment 01 DICOM_LABEL_MAP "$work/labelmap"
  segment 01 RTSTRUCT "$work/rtstruct"
  "$python" "$here/archive/objects.py" "$archive" "$work/credentials" "$work/native" "$work/j2k" "$work/labelmap" "$work/rtstruct" \
    || die "what was stored is not what was written"
fi

if does second; then
  say "a server of another make"
  python3 -m venv "$work/venv2"
  "$work/venv2/bin/pip" install -q tiny-pacs-dicomweb waitress
  (umask 077; printf 'token=%s\n' "$secret" > "$work/credentials2")
  mkdir "$work/files2"
  cat > "$work/second.yaml" <<YAML
ae: {ae_title: [SECOND], port: $((port + 1))}
log: {version: 1, root: {level: ERROR}}
components:
  Database: {'on': true, driver: sqlite, db_name: $work/second.db, uri: false, mode: rwc}
  InMemoryStorage: {'on': false}
  FileStorage: {'on': true, overwrite: false, storage_dir: $work/files2}
  HttpServer: {'on': true, host: 127.0.0.1, port: $((port + 2)), allow_remote: false}
  DICOMWeb: {'on': true, prefix: /dicomweb, auth: token, tokens: [$secret]}
YAML
  "$work/venv2/bin/tiny-pacs" run -c "$work/second.yaml" > "$work/second.log" 2>&1 &
  second=$!
  disown "$second"
  other=http://127.0.0.1:$((port + 2))/dicomweb
  python3 "$here/archive/stow.py" "$other" "$work/credentials2" "$work/study" \
    || { tail -5 "$work/second.log"; die "nothing stored"; }
  rm -rf "$work/cache2"
  batch -workflowDir="$here/archive/Read from archive" -workflow.variable=archive,"$other",String \
    -workflow.variable=credentialsFile,"$work/credentials2",String -workflow.variable=cacheDir,"$work/cache2",String \
    || { tail -20 "$work/log"; die "reading"; }
  if grep -q "problem" "$work/log"; then grep "problem" "$work/log"; die "not all was read"; fi
  there=$(python3 -c 'import glob, sys, zipfile
print(sum(len(zipfile.ZipFile(f).namelist()) for f in glob.glob(sys.argv[1])))' "$work/cache2/images/*.zip")
  [ "$there" = "$(find "$work/study" -type f | wc -l)" ] || die "$there files came"
  echo "$there files came"
  # the same folder each time: what is written anew into another one is another object
  for n in 1 2; do
    batch -workflowDir="$root/workflows/Segment studies of the archive" -workflow.variable=archive,"$other",String \
      -workflow.variable=credentialsFile,"$work/credentials2",String \
      -workflow.variable=networkFile,"$work/network/network.zip",String \
      -workflow.variable=outputDir,"$work/out-second",String -option=2,cacheFolder,"$work/cache2",String \
      || { tail -20 "$work/log"; die "segmenting, time $n"; }
    stored=$(find "$work/files2" -type f | wc -l)
    echo "time $n: $stored files in the archive"
  done
  [ "$stored" = $((there + mr)) ] || die "$stored files instead of $((there + mr))"
fi

if [ -n "${JPEG2000:-}" ]; then
  say "a file in JPEG 2000, which this server cannot transcode"
  get -X POST --data-binary "@$JPEG2000" "$api/instances" > /dev/null
  rm -rf "$work/cache"
  batch -workflowDir="$here/archive/Read from archive" -workflow.variable=archive,"$archive",String \
    -workflow.variable=credentialsFile,"$work/credentials",String -workflow.variable=cacheDir,"$work/cache",String \
    "-option=1,modalities,${JPEG2000_MODALITY:-},String" -option=1,from,1900-01-01,String || { tail -20 "$work/log"; die "JPEG 2000"; }
  echo "read"
fi
say "done"
