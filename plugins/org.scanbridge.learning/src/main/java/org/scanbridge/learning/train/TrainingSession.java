package org.scanbridge.learning.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.graph.SteppedGraph;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.graph.TrainingGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.EngineInfo;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.scanbridge.tensorflow.TensorFlowUnavailableException;
import org.scanbridge.tensorflow.TrainingPermit;

/**
 * What every training does around its loop: takes the permit, checks memory, builds the graph in the engine's context,
 * and writes down where the result comes from.
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
     * @throws LearningException if memory would not suffice or the training diverges
     */
    @SuppressWarnings("try") // the permit is held, not used
    public TrainingResult run(final String method, final long seed, final Map<String, String> options,
        final Optional<Checkpoints> checkpoints, final Progress progress, final TrainingListener listener) {
        final NetworkSpec spec = start.spec();
        try (TrainingPermit permit =
            TrainingPermit.acquire(() -> progress.report(0, "Waiting for another training to end"))) {
            return TensorFlowRuntime.call(() -> {
                final EngineInfo engine = TensorFlowRuntime.info();
                device.resolve(engine);
                final String deviceName = device.describe(engine);
                if (!deviceName.startsWith("GPU")) {
                    need.check(MemoryEstimate.available());
                }
                final long before = System.nanoTime();
                try (SteppedGraph built = graph.get()) {
                    final double setup = (System.nanoTime() - before + setupNanos) * 1e-9;
                    final String key = method + ' ' + cases.hash() + ' ' + start.weights().hash() + ' ' + spec.toJson()
                        + ' ' + options + ' ' + engine.engine() + ' ' + deviceName;
                    final Optional<Path> directory = checkpoints.map(c -> c.of(key));
                    final Optional<CheckpointFile> saved = directory.map(d -> new CheckpointFile(d, key));
                    listener.started(loop.steps(), directory);
                    final TrainingLoop.Outcome outcome = loop.run(built, saved,
                        checkpoints.map(Checkpoints::interval).orElse(loop.steps()), progress, listener);
                    listener.ended(outcome.keptStep());
                    final List<String> sites =
                        cases.training().stream().map(c -> c.source().site()).distinct().sorted().toList();
                    final Provenance provenance = new Provenance(method, seed, outcome.curve().size(), outcome.keptStep(),
                        outcome.validationDice(), sites, cases.hash(), start.weights().hash(), engine.engine(),
                        deviceName, options);
                    return new TrainingResult(new Network(spec, outcome.weights(), labels(), provenance),
                        outcome.last(), outcome.curve(), deviceName, setup, outcome.trainingSeconds(), outcome.validationSeconds());
                }
            });
        } catch (final TensorFlowUnavailableException e) {
            throw new LearningException(e.getMessage(), e);
        } catch (final RuntimeException e) {
            throw e;
        } catch (final Exception e) {
            throw new LearningException("The training failed: " + e.getMessage(), e);
        }
    }

    /** The names that the labels came with; the start's where they came without. */
    private LabelSet labels() {
        final Map<Integer, String> names = new TreeMap<>(start.labels().names());
        names.putAll(cases.labels().names());
        return LabelSet.of(names);
    }
}
