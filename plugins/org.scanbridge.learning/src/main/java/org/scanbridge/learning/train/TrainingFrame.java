package org.scanbridge.learning.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

import org.scanbridge.imaging.JavaHeap;
import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.graph.SteppedGraph;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.tensorflow.DeviceChoice;
import org.scanbridge.tensorflow.EngineInfo;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.scanbridge.tensorflow.TensorFlowUnavailableException;
import org.scanbridge.tensorflow.TrainingPermit;

/**
 * What every training does around its loop, however many networks it trains: takes the permit, checks memory, builds the
 * graph in the engine's context, finds the checkpoints, tells the listener, and writes down where the result comes from.
 *
 * @param cases the cases
 * @param graph builds what is trained, in the engine's context
 * @param need what a step takes
 * @param loop what to run
 * @param setupNanos time spent on reading the cases
 * @param device where the graph computes
 * @param start tells the networks that the training starts from: their weights and architectures
 * @param parentHash weights hash of the network that is to be the result's parent
 */
record TrainingFrame(CaseSet cases, Supplier<SteppedGraph> graph, MemoryEstimate.Need need, TrainingLoop loop,
    long setupNanos, DeviceChoice device, String start, String parentHash) {

    /**
     * What is the same of all results.
     *
     * @param outcome of the loop
     * @param provenance of what was trained
     * @param setupSeconds wall time of reading the cases and building the graph
     */
    record Trained(TrainingLoop.Outcome outcome, Provenance provenance, double setupSeconds) {
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
    @SuppressWarnings("try") // the permit is held, not used
    Trained run(final String method, final long seed, final Map<String, String> options,
        final Optional<Checkpoints> checkpoints, final Progress progress, final TrainingListener listener) {
        final Map<String, String> all = cases.addChannels(options);
        UnevenIntensities.notice(cases).ifPresent(listener::notice);
        try (TrainingPermit permit =
            TrainingPermit.acquire(() -> progress.report(0, "Waiting for another training to end"))) {
            return TensorFlowRuntime.call(() -> {
                final EngineInfo engine = TensorFlowRuntime.info();
                device.resolve(engine);
                final String deviceName = device.describe(engine);
                need.check(deviceName.startsWith("GPU") ? OptionalLong.empty() : MemoryEstimate.available(),
                    JavaHeap.free(need.heap()));
                final long before = System.nanoTime();
                try (SteppedGraph built = graph.get()) {
                    final double setup = (System.nanoTime() - before + setupNanos) * 1e-9;
                    final String key = method + ' ' + cases.hash() + ' ' + start + ' ' + all + ' ' + engine.engine()
                        + ' ' + deviceName;
                    final Optional<Path> directory = checkpoints.map(c -> c.of(key));
                    listener.started(loop.steps(), directory);
                    final TrainingLoop.Outcome outcome = loop.run(built, directory.map(d -> new CheckpointFile(d, key)),
                        checkpoints.map(Checkpoints::interval).orElse(loop.steps()), progress, listener);
                    listener.ended(outcome.keptStep());
                    final List<String> sites =
                        cases.training().stream().map(c -> c.source().site()).distinct().sorted().toList();
                    return new Trained(outcome,
                        new Provenance(method, seed, outcome.curve().size(), outcome.keptStep(), outcome.validationDice(),
                            sites, cases.hash(), parentHash, engine.engine(), deviceName, engine.computation(),
                            cases.addImageFacts(all), cases.training().size(), List.of()),
                        setup);
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
}
