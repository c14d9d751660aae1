package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.UNetPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.graph.MetaLearningGraphSpec.InnerStep;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** The last bits of a gradient hang on the order of its parts, and so must not hang on where the graph lies in memory. */
class SumsTest {

    private static final int MANY = 20;

    /** As often as TensorFlow made as many different graphs of a sum of nine squares. */
    private static final int GRAPHS = 6;

    private static List<Operand<TFloat32>> multiples(final Ops tf, final Operand<TFloat32> x) {
        return IntStream.range(0, MANY).<Operand<TFloat32>> mapToObj(k -> tf.math.mul(x, tf.constant((float)k))).toList();
    }

    private static float[] values(final Function<Ops, Operand<TFloat32>> of) throws Exception {
        return TensorFlowRuntime.call(() -> {
            try (Graph graph = new Graph(); Session session = new Session(graph);
                    TFloat32 value = (TFloat32)session.runner().fetch(of.apply(Ops.create(graph))).run().get(0)) {
                return StdArrays.array1dCopyOf(value);
            }
        });
    }

    @Test
    void sumsAndJoinsAnyNumberInOrder() throws Exception {
        assertArrayEquals(new float[]{190, 380},
            values(tf -> Sums.of(tf, multiples(tf, tf.constant(new float[]{1, 2})))));
        final float[] joined = values(tf -> Sums.joined(tf, multiples(tf, tf.constant(new float[]{1})), 0));
        for (int k = 0; k < MANY; k++) {
            assertEquals(k, joined[k]);
        }
        assertArrayEquals(new float[]{5}, values(tf -> Sums.of(tf, List.of(tf.constant(new float[]{5})))));
    }

    private static Set<GraphDef> graphs(final Function<Ops, Operand<TFloat32>> loss, final Function<Graph, List<Operand<TFloat32>>> xs)
        throws Exception {
        final Set<GraphDef> different = new HashSet<>();
        final List<Graph> open = new ArrayList<>();
        TensorFlowRuntime.call(() -> {
            for (int g = 0; g < GRAPHS; g++) {
                // all stay open, so that none lies where another did
                final Graph graph = new Graph();
                open.add(graph);
                final Ops tf = Backpropagation.prepare(Devices.ops(graph, DeviceChoice.AUTO));
                final Operand<TFloat32> y = loss.apply(tf);
                Backpropagation.gradients(tf, y, xs.apply(graph));
                different.add(graph.toGraphDef());
            }
            open.forEach(Graph::close);
            return null;
        });
        return different;
    }

    private static Operand<TFloat32> operand(final Graph graph, final String name) {
        return graph.operationOrThrow(name).<TFloat32> output(0);
    }

    private static Operand<TFloat32> manySquares(final Ops tf) {
        final Operand<TFloat32> x = tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(5)));
        return Sums.of(tf, multiples(tf, x).stream().map(m -> (Operand<TFloat32>)tf.nn.l2Loss(m)).toList());
    }

    @Test
    void gradientsOfManyPartsAreAddedInOneOrder() throws Exception {
        assertEquals(1, graphs(SumsTest::manySquares, graph -> List.of(operand(graph, "x"))).size());
    }

    /** The norm of the inner gradient has a part of every variable. */
    @Test
    void gradientsOfSecondOrderAreAddedInOneOrder() throws Exception {
        final NetworkSpec network = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.GROUP, PatchSize.cube(4));
        final MetaLearningGraphSpec spec = new MetaLearningGraphSpec(network, 2, 1,
            new SegmentationLossSpec(DiceForm.MEAN, 1, List.of(0.0, 1.0), 1, List.of(1.0, 1.0)), Set.of(),
            new InnerStep(0.01, 2, true), new ClassAlignmentTerm(1, 2), new TripletTerm(0.5, 1, 4), 3, OptimizerSpec.sgd(0),
            DeviceChoice.AUTO);
        final Weights weights = Weights.initial(new UNetPlan(network).parameters(), 5);
        final List<String> trained = weights.parameters().stream().filter(p -> p.trainable()).map(p -> p.name()).toList();
        assertTrue(trained.size() > Sums.INPUTS, trained.toString());
        assertEquals(1, graphs(tf -> {
            final VariableStore store = new VariableStore(tf);
            store.add(weights);
            final Operand<TFloat32> images = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(2, 4, 4, 4, 1)));
            final Operand<TUint8> labels = tf.placeholder(TUint8.class, Placeholder.shape(Shape.of(2, 4, 4, 4)));
            return new MetaObjective(tf, spec).build(store, images, labels).loss();
        }, graph -> trained.stream().map(name -> operand(graph, name.replace('/', '.') + ".value")).toList()).size());
    }

    @Test
    void refusesToDifferentiateWhatHasNoFixedOrder() throws Exception {
        final String said = TensorFlowRuntime.call(() -> {
            try (Graph graph = new Graph()) {
                final Ops tf = Ops.create(graph);
                final Operand<TFloat32> x = tf.constant(2f);
                return assertThrows(IllegalStateException.class,
                    () -> Backpropagation.gradients(tf, tf.math.addN(multiples(tf, x)), List.of(x))).getMessage();
            }
        });
        assertTrue(said.contains("AddN") && said.contains("20 inputs"), said);
    }
}
