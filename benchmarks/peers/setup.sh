# Read by the scripts beside it and above it: goes to the root of the project, and has TEMPORARY, a folder that is removed at the end, and JAVA.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
TEMPORARY=$(mktemp -d)
trap 'rm -rf "$TEMPORARY"' EXIT
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java

# PEERS is a Python environment with these packages, unless it was set to one that has them.
peers() {
    if [ -z "${PEERS:-}" ]; then
        PEERS=$TEMPORARY/peers
        python3 -m venv "$PEERS"
        "$PEERS/bin/pip" install -q "$@"
    fi
    export TMPDIR=$TEMPORARY
}

# CLASSES is the class path of a module's tests, which are compiled.
test_classes() {
    mvn -q -B -ntp -pl "plugins/$1" -am test-compile \
        org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile="$TEMPORARY/classpath"
    CLASSES="plugins/$1/target/test-classes:plugins/$1/target/classes:$(cat "$TEMPORARY/classpath")"
}

# CLASSES is the class path of the benchmarks of imaging, which are compiled.
benchmark_classes() {
    mvn -q -B -ntp -pl benchmarks -am compile
    CLASSES="benchmarks/target/classes:plugins/org.scanbridge.imaging/target/classes:$(find \
        "$HOME/.m2/repository/net/imglib2/imglib2" -name 'imglib2-*.jar' | grep -v sources | sort | tail -1)"
}
