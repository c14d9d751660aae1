package org.scanbridge.learning.train;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.graph.AdversarialGraph;
import org.scanbridge.learning.graph.AdversarialGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;

/**
 * The training of a generator together with a segmenter.
 *
 * @param generator the generator to start from
 * @param segmenter the segmenter to start from
 * @param cases the cases
 * @param graph what to build
 * @param loop what to run
 * @param setupNanos time spent on reading the cases
 */
public record NormalizationSession(Network generator, Network segmenter, CaseSet cases, AdversarialGraphSpec graph,
    TrainingLoop loop, long setupNanos) {

    /**
     * Trains.
     *
     * @param method name of the method, for the provenance
     * @param seed of the training
     * @param options all options by name
     * @param checkpoints where to save the state, and to go on from; empty to save nothing
     * @param progress learns of the steps; cancels waiting and training
     * @param listener learns of the metrics
     * @return both networks
     * @throws LearningException if TensorFlow or the device is not there, memory would not suffice or the training
     *             diverges
     */
    public NormalizationResult run(final String method, final long seed, final Map<String, String> options,
        final Optional<Checkpoints> checkpoints, final Progress progress, final TrainingListener listener) {
        UnseenClasses.notice(cases, segmenter.labels(), segmenter.spec().classes()).ifPresent(listener::notice);
        final String start = generator.weights().hash() + ' ' + segmenter.weights().hash() + ' '
            + generator.spec().toJson() + ' ' + segmenter.spec().toJson();
        // generator and segmenter keep activations of about the same size
        final TrainingFrame.Trained trained = new TrainingFrame(cases,
            () -> new AdversarialGraph(graph, generator.weights(), segmenter.weights()),
            MemoryEstimate.need(segmenter.spec(), 2 * graph.batch()), loop, setupNanos, graph.device(), start,
            segmenter.weights().hash()).run(method, seed, options, checkpoints, progress, listener);
        final TrainingLoop.Outcome outcome = trained.outcome();
        final Provenance provenance = trained.provenance();
        return new NormalizationResult(
            trained(generator, AdversarialGraph.GENERATOR, outcome.weights(), provenance),
            trained(segmenter, AdversarialGraph.SEGMENTER, outcome.weights(), provenance), outcome.curve(),
            provenance.device(), trained.setupSeconds(), outcome.trainingSeconds(), outcome.validationSeconds());
    }

    private Network trained(final Network start, final String prefix, final Weights both, final Provenance provenance) {
        final Map<Integer, String> names = new TreeMap<>(start.labels().names());
        if (!start.spec().output().image() && !ClassValues.of(start.labels(), start.spec().classes()).jump()) {
            names.putAll(cases.labels().names());
        }
        return new Network(start.spec(), both.part(prefix, start.weights().parameters()),
            LabelSet.of(names), provenance);
    }
}
