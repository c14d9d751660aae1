package org.scanbridge.learning.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.graph.AdversarialGraph;
import org.scanbridge.learning.graph.AdversarialGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.tensorflow.EngineInfo;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.scanbridge.tensorflow.TrainingPermit;

/**
 * What {@link TrainingSession} is for one network, for a generator and a segmenter that are trained together.
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
     * @throws LearningException if memory would not suffice or the training diverges
     */
    @SuppressWarnings("try") // the permit is held, not used
    public NormalizationResult run(final String method, final long seed, final Map<String, String> options,
        final Optional<Checkpoints> checkpoints, final Progress progress, final TrainingListener listener) {
        try (TrainingPermit permit =
            TrainingPermit.acquire(() -> progress.report(0, "Waiting for another training to end"))) {
            return TensorFlowRuntime.call(() -> {
                // generator and segmenter keep activations of about the same size
                MemoryEstimate.need(segmenter.spec(), 2 * graph.batch()).check(MemoryEstimate.available());
                final EngineInfo engine = TensorFlowRuntime.info();
                final long before = System.nanoTime();
                try (AdversarialGraph built =
                    new AdversarialGraph(graph, generator.weights(), segmenter.weights())) {
                    final double setup = (System.nanoTime() - before + setupNanos) * 1e-9;
                    final String key = method + ' ' + cases.hash() + ' ' + generator.weights().hash() + ' '
                        + segmenter.weights().hash() + ' ' + generator.spec().toJson() + ' ' + segmenter.spec().toJson()
                        + ' ' + options + ' ' + engine.engine() + ' ' + engine.device();
                    final Optional<CheckpointFile> saved = checkpoints.map(c -> new CheckpointFile(c.directory(), key));
                    final TrainingLoop.Outcome outcome = loop.run(built, saved,
                        checkpoints.map(Checkpoints::interval).orElse(loop.steps()), progress, listener);
                    final List<String> sites =
                        cases.training().stream().map(c -> c.source().site()).distinct().sorted().toList();
                    final Provenance provenance = new Provenance(method, seed, outcome.curve().size(),
                        outcome.keptStep(), outcome.validationDice(), sites, cases.hash(), segmenter.weights().hash(),
                        engine.engine(), engine.device(), options);
                    return new NormalizationResult(
                        trained(generator, AdversarialGraph.GENERATOR, outcome.weights(), provenance),
                        trained(segmenter, AdversarialGraph.SEGMENTER, outcome.weights(), provenance), outcome.curve(),
                        engine.device(), setup, outcome.trainingSeconds(), outcome.validationSeconds());
                }
            });
        } catch (final RuntimeException e) {
            throw e;
        } catch (final Exception e) {
            throw new LearningException("The training failed: " + e.getMessage(), e);
        }
    }

    private Network trained(final Network start, final String prefix, final Weights both, final Provenance provenance) {
        final Map<Integer, String> names = new TreeMap<>(start.labels().names());
        if (!start.spec().output().image()) {
            names.putAll(cases.labels().names());
        }
        return new Network(start.spec(), AdversarialGraph.part(both, prefix, start.weights().parameters()),
            LabelSet.of(names), provenance);
    }
}
