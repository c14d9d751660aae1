package org.scanbridge.learning.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.AutoEncoderPlan;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.graph.AutoEncoderGraph;
import org.scanbridge.learning.graph.AutoEncoderGraphSpec;
import org.scanbridge.learning.network.Provenance;

/**
 * The training of an auto-encoder.
 *
 * @param start the weights to start from
 * @param cases the cases
 * @param graph what to build
 * @param loop what to run
 * @param setupNanos time spent on reading the cases
 */
public record ReconstructionSession(Weights start, CaseSet cases, AutoEncoderGraphSpec graph, TrainingLoop loop,
    long setupNanos) {

    /** Outside the Java heap: TensorFlow itself, and the JVM; see {@link MemoryEstimate}. */
    private static final long BASE = 300L << 20;

    /**
     * What a training gave.
     *
     * @param weights the last step's
     * @param curve metrics of all steps
     * @param provenance where the weights come from
     */
    public record Trained(Weights weights, List<StepMetrics> curve, Provenance provenance) {

        /** Copies the curve. */
        public Trained {
            curve = List.copyOf(curve);
        }
    }

    /**
     * Trains.
     *
     * @param method name of the method, for the provenance
     * @param seed of the training
     * @param options all options by name
     * @param checkpoints where to save the state, and to go on from; empty to save nothing
     * @param progress learns of the steps; cancels waiting and training
     * @param listener learns of the metrics
     * @throws LearningException if TensorFlow or the device is not there, memory would not suffice or the training
     *             diverges
     */
    public Trained run(final String method, final long seed, final Map<String, String> options,
        final Optional<Checkpoints> checkpoints, final Progress progress, final TrainingListener listener) {
        final AutoEncoderSpec network = graph.network();
        final MemoryEstimate.Need need = new MemoryEstimate.Need(
            BASE + (long)(Float.BYTES * new AutoEncoderPlan(network).activations() * graph.batch()),
            graph.batch() + " patches of " + network.patchSize() + " and width " + network.baseWidth());
        final TrainingFrame.Trained trained = new TrainingFrame(cases, () -> new AutoEncoderGraph(graph, start), need, loop,
            setupNanos, graph.device(), start.hash() + ' ' + network, start.hash()).run(method, seed, options, checkpoints,
                progress, listener);
        return new Trained(trained.outcome().weights(), trained.outcome().curve(), trained.provenance());
    }
}
