#!/usr/bin/env bash
# The main workflow, tiny, on Linux for ARM (aarch64) under QEMU, with the natives for it, compared with the same here.
# Not part of the build. Needs Linux on x86-64, root for apt where QEMU is not installed, python3 with pip, and Maven.
#
#   platform-tests/arm.sh
#
# Every instruction is translated: expect the better part of an hour.
# shellcheck source=platform/common.sh
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/platform/common.sh"

install qemu-aarch64-static qemu-user-static
install /usr/aarch64-linux-gnu/lib/libstdc++.so.6 libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross
fetch_java manylinux_2_17_aarch64 21.0.8.2 "$work/java"
chmod +x "$work/java/bin/java" "$work/java/lib/jspawnhelper"
build org.scanbridge.tensorflow.linux.aarch64
run_here

say "Linux on ARM"
install_for linux gtk aarch64 "$work/there"
# one collector and one compiler: less to translate
emulated=(qemu-aarch64-static -L /usr/aarch64-linux-gnu "$work/java/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1)
"${emulated[@]}" -version 2>&1 | tail -3
mapfile -t args < <(arguments "$work/study-there" "$work/results-there" "$root/workflows/Adapt a model to a new site")
"${emulated[@]}" -Xmx1500m -Djava.awt.headless=true -jar "$work/there/$(launcher "$work/there")" "${args[@]}" \
  > "$work/there.log" 2>&1 || { tail -40 "$work/there.log"; die "the workflow on ARM"; }
grep 'executed in\|Finished in' "$work/there.log"
compare "$work/study-there" "$work/results-there"
say "done"
