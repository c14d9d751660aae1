package org.scanbridge.learning.train;

import java.util.Map;
import java.util.Optional;

import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.graph.TranslationGraph;
import org.scanbridge.learning.graph.TranslationGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;

/**
 * The training of two generators together.
 *
 * @param forward the generator of target-like images to start from
 * @param backward the generator of source-like images to start from
 * @param cases the cases
 * @param graph what to build
 * @param loop what to run
 * @param setupNanos time spent on reading the cases
 */
public record TranslationSession(Network forward, Network backward, CaseSet cases, TranslationGraphSpec graph,
    TrainingLoop loop, long setupNanos) {

    /** Patches through generators in one step, per patch of each side: there, back, as identity, in both directions. */
    private static final int PASSES = 6;

    /**
     * Trains.
     *
     * @param method name of the method, for the provenance
     * @param seed of the training
     * @param options all options by name
     * @param checkpoints where to save the state, and to go on from; empty to save nothing
     * @param progress learns of the steps; cancels waiting and training
     * @param listener learns of the metrics
     * @return both generators
     * @throws LearningException if TensorFlow or the device is not there, memory would not suffice or the training
     *             diverges
     */
    public TranslationResult run(final String method, final long seed, final Map<String, String> options,
        final Optional<Checkpoints> checkpoints, final Progress progress, final TrainingListener listener) {
        final String start =
            forward.weights().hash() + ' ' + backward.weights().hash() + ' ' + forward.spec().toJson();
        final TrainingFrame.Trained trained = new TrainingFrame(cases,
            () -> new TranslationGraph(graph, forward.weights(), backward.weights()),
            MemoryEstimate.need(forward.spec(), PASSES * graph.batch()), loop, setupNanos, graph.device(), start,
            forward.weights().hash()).run(method, seed, options, checkpoints, progress, listener);
        final TrainingLoop.Outcome outcome = trained.outcome();
        return new TranslationResult(
            trained(forward, TranslationGraph.FORWARD, outcome.weights(), trained.provenance()),
            trained(backward, TranslationGraph.BACKWARD, outcome.weights(), trained.provenance()), outcome.curve(),
            trained.provenance().device(), trained.setupSeconds(), outcome.trainingSeconds());
    }

    private static Network trained(final Network start, final String prefix, final Weights both,
        final Provenance provenance) {
        return new Network(start.spec(), both.part(prefix, start.weights().parameters()), start.labels(),
            provenance);
    }
}
