#!/usr/bin/env bash
# Library:  TensorFlow-Java's native library 1.0.0 (tensorflow-core-native, TensorFlow 2.16.2) with the API that DJL's
#           tensorflow-api 0.36.0 carries and javacpp 1.5.11.
# Guess:    Gradients.create adds the same operations to the same graph every time.
# Behavior: behind an operation of more than eight inputs it does not. TensorFlow goes back along the edges of an operation in the
#           order of a set (EdgeSet), and this set orders more than eight by their addresses; in this order the parts of a gradient
#           are handed to AddN, so a sum of nine squares has other last bits in its gradient from graph to graph, within a process
#           and from run to run. Of eight squares there is one graph. Seeds and op determinism change nothing.
# Seen on:  2026-11-30. Output seen:
#             8 inputs: one graph of 12
#             9 inputs: several graphs of 12
# What it means here: longer sums and joins are nested, and gradients behind larger operations are refused (Sums; SumsTest).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for artifact in ai.djl.tensorflow:tensorflow-api:0.36.0 org.bytedeco:javacpp:1.5.11 com.google.protobuf:protobuf-java:4.31.1 \
  org.tensorflow:tensorflow-core-native:1.0.0:jar:linux-x86_64; do
  mvn -q -B -ntp org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact="$artifact" -DoutputDirectory="$work/lib"
done
mkdir src
cat > src/Order.java <<'JAVA'
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

public final class Order {
    public static void main(final String[] args) {
        for (int inputs = 8; inputs <= 9; inputs++) {
            final Set<Object> different = new HashSet<>();
            final List<Graph> open = new ArrayList<>(); // so that none lies where another did
            for (int g = 0; g < 12; g++) {
                final Graph graph = new Graph();
                open.add(graph);
                final Ops tf = Ops.create(graph);
                final Operand<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(5)));
                final List<Operand<TFloat32>> squares = new ArrayList<>();
                for (int k = 0; k < inputs; k++) {
                    squares.add(tf.nn.l2Loss(tf.math.mul(x, tf.constant((float)k))));
                }
                Gradients.create(tf.scope(), tf.math.addN(squares), List.of(x), Gradients.dx(List.of(tf.constant(1f))));
                different.add(graph.toGraphDef());
            }
            System.out.println(inputs + " inputs: " + (different.size() == 1 ? "one graph" : "several graphs") + " of 12");
        }
        System.exit(0);
    }
}
JAVA
javac -nowarn -cp 'lib/*' -d classes src/Order.java 2> /dev/null
java -cp 'classes:lib/*' Order 2> /dev/null | tee seen
diff - seen <<'EXPECTED'
8 inputs: one graph of 12
9 inputs: several graphs of 12
EXPECTED
