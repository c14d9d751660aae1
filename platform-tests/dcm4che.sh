#!/bin/bash
# Builds the optional bundle for DIMSE against a real dcm4che and lets it talk to real peers on this computer: dcmqrscp and
# storescp of DCMTK, and Orthanc (on Debian: apt-get install dcmtk orthanc). Never part of the build.
#
#   platform-tests/dcm4che.sh <folder or Maven repository with dcm4che> [version]
#
# The first argument is a folder with dcm4che-core-<version>.jar, -net-, -image- and -imageio-, as dcm4che's own build leaves
# them; or the URL or folder of a Maven repository with org/dcm4che. Without a version, that of the root pom.xml is used.
# READERS=<folder> nests further jars, such as dcm4che-imageio-opencv with its libraries.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
source=${1:?"give the folder or Maven repository with dcm4che"}
version=${2:-$(sed -n 's|.*<dcm4che.version>\(.*\)</dcm4che.version>.*|\1|p' "$root/pom.xml")}
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT

for program in dcmqrscp storescp echoscu Orthanc mvn; do
  command -v "$program" > /dev/null || { echo "$program is missing" >&2; exit 2; }
done

# A folder of jars becomes a Maven repository, in which nothing else is.
if [ -d "$source" ] && [ ! -d "$source/org/dcm4che" ]; then
  for name in core net image imageio; do
    jar=$(find "$source" -name "dcm4che-$name-$version.jar" | head -n 1)
    [ -n "$jar" ] || { echo "dcm4che-$name-$version.jar is not in $source" >&2; exit 2; }
    place="$work/repository/org/dcm4che/dcm4che-$name/$version"
    mkdir -p "$place"
    cp "$jar" "$place/"
    echo "<project><modelVersion>4.0.0</modelVersion><groupId>org.dcm4che</groupId><artifactId>dcm4che-$name</artifactId><version>$version</version></project>" \
      > "$place/dcm4che-$name-$version.pom"
  done
  source="$work/repository"
fi
[ -d "$source" ] && source="file://$(cd "$source" && pwd)"

qr=42411 orthanc=42412 own=42413 store=42414

mkdir -p "$work/qr/DB" "$work/stored"
cat > "$work/qr.cfg" <<CFG
NetworkTCPPort = $qr
MaxPDUSize = 16384
MaxAssociations = 16
HostTable BEGIN
bridge = (BRIDGE, localhost, $own)
HostTable END
VendorTable BEGIN
VendorTable END
AETable BEGIN
QRSCP $work/qr/DB RW (200, 1024mb) ANY
AETable END
CFG
cat > "$work/orthanc.json" <<CFG
{ "Name": "test", "StorageDirectory": "$work/orthanc", "IndexDirectory": "$work/orthanc", "HttpPort": 42480,
  "RemoteAccessAllowed": false, "AuthenticationEnabled": false, "DicomPort": $orthanc, "DicomAet": "ORTHANC",
  "DicomModalities": { "bridge": ["BRIDGE", "localhost", $own] }, "DicomAlwaysAllowGet": true, "DicomAlwaysAllowFind": true,
  "DicomAlwaysAllowMove": true, "DicomAlwaysAllowStore": true, "Plugins": [] }
CFG
dcmqrscp -c "$work/qr.cfg" > "$work/qr.log" 2>&1 & pids+=($!)
storescp -aet STORE -od "$work/stored" "$store" > "$work/store.log" 2>&1 & pids+=($!)
Orthanc "$work/orthanc.json" > "$work/orthanc.log" 2>&1 & pids+=($!)
for peer in "QRSCP $qr" "ORTHANC $orthanc" "STORE $store"; do
  read -r title port <<< "$peer"
  for try in $(seq 30); do
    echoscu -aec "$title" localhost "$port" 2> /dev/null && break
    [ "$try" -lt 30 ] || { echo "$title does not start" >&2; cat "$work"/*.log >&2; exit 3; }
    sleep 1
  done
done

readers=
for jar in ${READERS:+"$READERS"/*.jar}; do
  readers+="${readers:+,}lib/readers/$(basename "$jar")=$(readlink -f "$jar");lib:=true"
done
cd "$root"
mvn -B -ntp -Pdcm4che "-Ddcm4che.repository=$source" "-Ddcm4che.version=$version" "-Ddcm4che.readers=$readers" \
  -pl plugins/org.scanbridge.dicom.dcm4che,features/org.scanbridge.dicom.dcm4che.feature,update-site/dcm4che -am verify \
  -Dtest='PeersTest' -Dsurefire.failIfNoSpecifiedTests=false \
  "-Dscanbridge.dimse.archives=dicom://QRSCP@localhost:$qr,dicom://ORTHANC@localhost:$orthanc" \
  "-Dscanbridge.dimse.stores=dicom://STORE@localhost:$store" "-Dscanbridge.dimse.port=$own" \
  || { echo "logs of the peers:" >&2; tail -n 40 "$work"/*.log >&2; exit 4; }
echo "Built and run against dcm4che $version: update-site/dcm4che/target/repository"
