#!/usr/bin/env bash
# The main workflow, tiny, on Windows' Java under Wine, with the natives for Windows, compared with the same here.
# Not part of the build. Needs Linux on x86-64, root for apt where Wine is not installed, python3 with pip, and Maven.
#
#   platform-tests/windows.sh
#
# The installation lies in a folder with a space, study and results in one with an umlaut, on drive C.
# shellcheck source=platform/common.sh
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/platform/common.sh"

wine=/usr/lib/wine/wine64
install "$wine" wine64
export WINEPREFIX=$work/prefix WINEDEBUG=-all LC_ALL=C.UTF-8
# newer ones' random numbers fail in the list of networks that Wine gives
fetch_java win_amd64 17.0.9.2 "$work/java"
build org.scanbridge.tensorflow.win32.x86_64
run_here

say "Windows"
"$wine" wineboot --init > /dev/null 2>&1
drive=$WINEPREFIX/drive_c
mkdir -p "$drive/Program Files" "$drive/Röntgen"
install_for win32 win32 x86_64 "$drive/Program Files/ScanBridge"
cp -r "$root/workflows/Adapt a model to a new site" "$drive/Röntgen/workflow"
"$wine" "$work/java/bin/java.exe" -version 2>&1 | tail -3
mapfile -t args < <(arguments 'C:\Röntgen\study' 'C:\Röntgen\results' 'C:\Röntgen\workflow')
jar=$(launcher "$drive/Program Files/ScanBridge")
"$wine" "$work/java/bin/java.exe" -Xmx1500m -Djava.awt.headless=true -jar "C:\\Program Files\\ScanBridge\\${jar//\//\\}" "${args[@]}" \
  > "$work/there.log" 2>&1 || { grep -av '^wine:' "$work/there.log" | tail -40; die "the workflow on Windows"; }
grep -a 'executed in\|Finished in' "$work/there.log"
compare "$drive/Röntgen/study" "$drive/Röntgen/results"
left=$(find "$drive/users" \( -name 'scanbridge*' -o -name 'knime_*' \) -path '*emp*')
[ -z "$left" ] || die "left in the folder of temporary files: $left"
say "done"
