#!/usr/bin/env bash
# The release as somebody else gets it. Not part of the build; needs git, unzip and util-linux beside what the build needs.
#
#   platform-tests/release.sh                    the building platform
#   platform-tests/release.sh -Pall-platforms    all of them (370 MB more to fetch once)
#
# 1. builds the commit twice: in two folders, two time zones, with two umasks; the release must be the same, byte for byte
# 2. moves both build trees away; what follows knows the release folder only
# 3. checksums
# 4. installs the zipped site with the p2 director for each platform: its natives, and no other's
# 5. runs a workflow, imported as .knwf, with the zipped batch executor: only Java on the path, no network at all
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(dirname "$here")
work=$(mktemp -d)
trap '[ -n "${KEEP:-}" ] && echo "kept: $work" || rm -rf "$work"' EXIT
trap 'echo "FAILED in line $LINENO" >&2' ERR

say() { printf '\n== %s\n' "$*"; }
die() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

commit=$(git -C "$root" rev-parse HEAD)
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct "$commit")
export SOURCE_DATE_EPOCH
[ -z "$(git -C "$root" status --porcelain)" ] || echo "note: changes that are not committed are not in this test"

build() { # folder, time zone, umask
  say "building in $1 (TZ=$2, umask $3)"
  mkdir -p "$work/$1"
  git -C "$root" archive "$commit" | tar -x -C "$work/$1"
  (umask "$3"; cd "$work/$1"; TZ=$2 ./release.sh "${arguments[@]}") > "$work/build.log" 2>&1 || { tail -40 "$work/build.log"; die "the build in $1"; }
}

arguments=("$@")
build first UTC 022
build "second one/in another folder" Asia/Kathmandu 077

say "comparing"
diff -r "$work/first/release/target/release" "$work/second one/in another folder/release/target/release" || die "the two builds differ"
mv "$work/first/release/target/release" "$work/release"
echo "$(find "$work/release" -type f | wc -l) files, the same bytes in both"
du -sh "$work/release" | cut -f1

# The installer, and the stand-in for KNIME that the site is installed into.
mv "$work/first/update-site/install-test/target/products/org.scanbridge.installtest.product/linux/gtk/x86_64" "$work/director"
mv "$work/first/update-site/install-test/target/repository" "$work/standin"
rm -rf "$work/first" "$work/second one"

say "checksums"
(cd "$work/release" && sha256sum --check --quiet SHA256SUMS)
[ "$(wc -l < "$work/release/SHA256SUMS")" = "$(($(find "$work/release" -type f | wc -l) - 1))" ] || die "files without a checksum"

site=$(ls "$work"/release/scanbridge-update-site-*.zip)
launcher=$(ls "$work"/director/plugins/org.eclipse.equinox.launcher_*.jar)
platforms=$(unzip -Z1 "$site" | sed -n 's|^plugins/org\.scanbridge\.tensorflow\.\([a-z0-9]*\.[a-z0-9_]*\)_.*|\1|p' | sort)
for platform in linux.x86_64 linux.aarch64 win32.x86_64 macosx.aarch64; do
  os=${platform%%.*} arch=${platform#*.}
  case $os in linux) ws=gtk ;; win32) ws=win32 ;; macosx) ws=cocoa ;; esac
  target=$work/installed/$platform
  java -jar "$launcher" -nosplash -consoleLog -data @none -application org.eclipse.equinox.p2.director \
    -repository "jar:file:$site!/,file:$work/standin" -destination "$target" -profile other -p2.os "$os" -p2.ws "$ws" -p2.arch "$arch" \
    -installIU org.scanbridge.feature.feature.group,org.scanbridge.onnx.feature.feature.group \
    -profileProperties org.eclipse.update.install.features=true > "$work/log" 2>&1 || { tail -20 "$work/log"; die "installing for $platform"; }
  found=$(find "$target/plugins" -maxdepth 1 -name 'org.scanbridge.tensorflow.*' | sed 's|.*/org\.scanbridge\.tensorflow\.||; s|_[0-9]*\.[0-9].*||' | sort | tr '\n' ' ')
  expected=$(grep -x "$platform" <<< "$platforms" || true)
  [ "${found% }" = "$expected" ] || die "$platform: got the natives of '$found' instead of '$expected'"
  echo "$platform: natives of ${expected:-no platform: this site has none for it}; $(du -sm "$target" | cut -f1) MB installed"
  rm -rf "$target"
done

say "the zipped batch executor, without a network"
mkdir "$work/server"
unzip -q "$work"/release/scanbridge-batch-*-linux.x86_64.zip -d "$work/server"
batch=$(ls -d "$work"/server/scanbridge-batch-*)
mkdir "$work/bin"
for tool in bash env dirname readlink java; do ln -s "$(readlink -f "$(command -v $tool)")" "$work/bin/$tool"; done
chmod -R a-w "$batch"
unshare --map-root-user --net env -i PATH="$work/bin" HOME="$work/home" SCANBRIDGE_HEAP=1g "$batch/scanbridge-batch" \
  -reset -nosave -failonloaderror "-workflowFile=$work/release/workflows/Adapt a model to a new site.knwf" \
  "-workflow.variable=outputDir,$work/results,String" -option=1,subjectsPerSite,5,int -option=1,size,24,int -option=5,baseWidth,4,int \
  -option=5,levels,2,int -option=5,patchSize,16,int -option=6,training/steps,2,int -option=7,training/steps,2,int \
  -option=8,training/steps,2,int > "$work/log" 2>&1 || { tail -30 "$work/log"; die "the workflow"; }
chmod -R u+w "$batch"
[ -s "$work/results/report.html" ] || die "no report"
echo "ran"
say "done"
