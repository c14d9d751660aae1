#!/usr/bin/env bash
# Makes release/target/release: the update site as a zip, the batch executor as a zip, each workflow as a .knwf, bill of
# materials, licenses and checksums. The same commit gives the same bytes.
#
#   ./release.sh                      for the building platform
#   ./release.sh -Pall-platforms      for all of them (370 MB more to fetch)
#
# A script and not the Maven profile alone, because Maven cannot ask for the time of a commit: all versions and times in the
# release are that time. Outside a clone of the repository, SOURCE_DATE_EPOCH gives it (seconds since 1970).
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
  command -v git > /dev/null && git rev-parse --is-inside-work-tree > /dev/null 2>&1 \
    || { echo "release.sh: this is no clone of the repository: set SOURCE_DATE_EPOCH to the time of the release" >&2; exit 2; }
  [ -z "$(git status --porcelain)" ] \
    || { echo "release.sh: there are changes that are not committed; commit them, or set SOURCE_DATE_EPOCH" >&2; exit 2; }
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
fi
export SOURCE_DATE_EPOCH
qualifier=v$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M)

mvn -B -ntp -Prelease package -Dmaven.test.skip=true \
  "-Dproject.build.outputTimestamp=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" \
  "-Dosgi.qualifier=$qualifier" "-DforceContextQualifier=${qualifier#v}" "$@"
echo "made: release/target/release"
