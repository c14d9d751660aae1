#!/usr/bin/env bash
# Library:  biz.aQute.bnd:bnd-maven-plugin 7.1.0 with org.bytedeco:javacpp 1.5.10 nested in a bundle (Maven 3.8.7, JDK 17).
# Guess:    -exportcontents: org.bytedeco.*;owner=me;mandatory:=owner  exports each package once, with the attribute.
# Behavior: packages whose package-info carries OSGi's @Export annotation are exported twice: once with the attribute, by
#           the wildcard, and once bare, by the annotation, so that anybody's Import-Package matches after all. Naming the
#           packages instead of using a wildcard leaves one export, with the attribute.
# Seen on:  2026-11-29. Output seen:
#             wildcard: 5 bare exports of org.bytedeco packages
#             names:    0 bare exports of org.bytedeco packages
# What it means here: org.scanbridge.tensorflow names JavaCPP's packages one by one, and a test reads the built manifest.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

write() { # name of the project, export instruction
  mkdir -p "$1"
  cat > "$1/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>example</groupId><artifactId>$1</artifactId><version>1</version>
  <dependencies><dependency><groupId>org.bytedeco</groupId><artifactId>javacpp</artifactId><version>1.5.10</version></dependency></dependencies>
  <build><plugins><plugin><groupId>biz.aQute.bnd</groupId><artifactId>bnd-maven-plugin</artifactId><version>7.1.0</version>
    <extensions>true</extensions><executions><execution><goals><goal>jar</goal></goals></execution></executions></plugin></plugins></build>
</project>
POM
  printf '%s\n' "Bundle-SymbolicName: example.$1" '-includeresource: lib/javacpp.jar=javacpp-*.jar;lib:=true' 'Import-Package:' \
    '-noimportjava: true' '-nodefaultversion: true' "-exportcontents: $2" > "$1/bnd.bnd"
}

bare() { # counts exports of org.bytedeco packages that lack the attribute
  unzip -p "$1/target/$1-1.jar" META-INF/MANIFEST.MF | tr -d '\r' | sed -e ':a' -e 'N;$!ba' -e 's/\n //g' \
    | sed -n 's/^Export-Package: //p' | sed 's/"[^"]*"/""/g' | tr ',' '\n' | grep '^org\.bytedeco' | grep -vc 'owner=' || true
}

attribute='owner=me;mandatory:=owner'
write wildcard "org.bytedeco.*;$attribute"
write names "$(printf 'org.bytedeco.%s;' javacpp javacpp.annotation javacpp.indexer javacpp.presets javacpp.properties javacpp.tools)$attribute"
for project in wildcard names; do
  mvn -q -B -ntp -f "$project/pom.xml" package > "$project.log" 2>&1 || { cat "$project.log"; exit 1; }
done
echo "wildcard: $(bare wildcard) bare exports of org.bytedeco packages"
echo "names:    $(bare names) bare exports of org.bytedeco packages"
[ "$(bare wildcard)" = 5 ] && [ "$(bare names)" = 0 ] || { echo "The behavior has changed." >&2; exit 1; }
