package org.scanbridge.learning.graph;

import java.util.Iterator;
import java.util.Set;

import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;

/**
 * Guards the promise that a graph gives the same bits on every x86-64 processor. TensorFlow computes a few operations from
 * the processor's approximate reciprocal (RCPPS) or reciprocal square root (RSQRTPS), whose values the makers of
 * processors chose differently; everything else is made of operations that IEEE 754 fixes to the last bit.
 */
final class PortableOperations {

    private static final Set<String> APPROXIMATE = Set.of("Rsqrt", "Reciprocal", "Inv", "FusedBatchNorm", "FusedBatchNormV2",
        "FusedBatchNormV3", "FusedBatchNormGrad", "FusedBatchNormGradV2", "FusedBatchNormGradV3");

    private PortableOperations() {
    }

    /**
     * Checks a complete graph, gradients included.
     *
     * @throws IllegalStateException if it holds an operation whose last bits depend on the maker of the processor
     */
    static void check(final Graph graph) {
        for (final Iterator<GraphOperation> operations = graph.operations(); operations.hasNext();) {
            final GraphOperation operation = operations.next();
            if (APPROXIMATE.contains(operation.type())) {
                throw new IllegalStateException("Operation " + operation.name() + " is a " + operation.type()
                    + ", whose last bits depend on the maker of the processor. Build it of exact operations, as Layers does.");
            }
        }
    }
}
