package org.scanbridge.learning.train;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.graph.SteppedGraph;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.graph.TrainingGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.tensorflow.DeviceChoice;

/**
 * The training of one network.
 *
 * @param start the network to start from
 * @param cases the cases
 * @param graph builds what is trained, in the engine's context
 * @param need what a step takes
 * @param loop what to run
 * @param setupNanos time spent on reading the cases
 * @param device where the graph computes
 */
public record TrainingSession(Network start, CaseSet cases, Supplier<SteppedGraph> graph, MemoryEstimate.Need need,
    TrainingLoop loop, long setupNanos, DeviceChoice device) {

    /** On the device that TensorFlow chooses. */
    public TrainingSession(final Network start, final CaseSet cases, final Supplier<SteppedGraph> graph,
        final MemoryEstimate.Need need, final TrainingLoop loop, final long setupNanos) {
        this(start, cases, graph, need, loop, setupNanos, DeviceChoice.AUTO);
    }

    /** For the training of one network, with or without a domain head. */
    public static TrainingSession of(final Network start, final CaseSet cases,
        final TrainingGraphSpec graph, final TrainingLoop loop, final long setupNanos) {
        return new TrainingSession(start, cases, () -> new TrainingGraph(graph, start.weights()),
            MemoryEstimate.need(start.spec(), graph.batch()), loop, setupNanos, graph.device());
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
     * @return the trained network
     * @throws LearningException if TensorFlow or the device is not there, memory would not suffice or the training
     *             diverges
     */
    public TrainingResult run(final String method, final long seed, final Map<String, String> options,
        final Optional<Checkpoints> checkpoints, final Progress progress, final TrainingListener listener) {
        UnseenClasses.notice(cases, labels(), start.spec().classes()).ifPresent(listener::notice);
        final TrainingFrame.Trained trained = new TrainingFrame(cases, graph, need, loop, setupNanos, device,
            start.weights().hash() + ' ' + start.spec().toJson(), start.weights().hash()).run(method, seed, options,
                checkpoints, progress, listener);
        final TrainingLoop.Outcome outcome = trained.outcome();
        return new TrainingResult(new Network(start.spec(), outcome.weights(), labels(), trained.provenance()),
            outcome.last(), outcome.curve(), trained.provenance().device(), trained.setupSeconds(),
            outcome.trainingSeconds(), outcome.validationSeconds());
    }

    /** The names that the labels came with; the start's where they came without, or where they are those of values. */
    private LabelSet labels() {
        if (ClassValues.of(start.labels(), start.spec().classes()).jump()) {
            return start.labels();
        }
        final Map<Integer, String> names = new TreeMap<>(start.labels().names());
        names.putAll(cases.labels().names());
        return LabelSet.of(names);
    }
}
