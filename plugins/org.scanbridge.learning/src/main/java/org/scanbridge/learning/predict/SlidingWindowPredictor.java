package org.scanbridge.learning.predict;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.scanbridge.imaging.JavaHeap;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.data.ChannelNames;
import org.scanbridge.learning.data.VoxelBlock;
import org.scanbridge.learning.network.Network;

/**
 * Segments volumes of any size with a network, block by block, through DJL on the network's SavedModel, or through
 * the engine of its files if it is of other software. Blocks have the network's patch size and overlap; probabilities are averaged with Gaussian weights, over reflections of the blocks and over
 * networks. Volumes smaller than a block are surrounded with background. Beside the images and the results, memory holds one
 * layer of blocks of each network, whatever the depth of the volume and the number of classes of the results; and one copy
 * of every channel for a network that sees a margin around its blocks, or blocks larger than the volume. Not for several
 * threads at once.
 */
public final class SlidingWindowPredictor implements AutoCloseable {

    /** Share of a block that neighboring blocks have in common, unless told otherwise. */
    public static final double DEFAULT_OVERLAP = 0.5;

    private final PredictionOptions m_options;

    /** The first network; the others have the same classes. */
    private final Network m_network;

    private final List<Member> m_members = new ArrayList<>();

    /** A network that is ready to run. */
    private record Member(Path directory, RunningNetwork model, SlidingWindow window, PatchSize block) {
    }

    /** With the default overlap. */
    public SlidingWindowPredictor(final Network network) {
        this(network, DEFAULT_OVERLAP);
    }

    /** As {@link #SlidingWindowPredictor(List, PredictionOptions)} for one network and nothing but the segmentation. */
    public SlidingWindowPredictor(final Network network, final double overlap) {
        this(List.of(network), new PredictionOptions(overlap, Set.of(), false, false));
    }

    /**
     * @param networks one or more; the probabilities of several are averaged. Their SavedModels live in temporary
     *            directories until {@link #close()}
     * @param options how to segment
     * @throws LearningException if a network makes images, or their classes or numbers of channels differ
     * @throws UncheckedIOException if a temporary directory cannot be written
     */
    public SlidingWindowPredictor(final List<Network> networks, final PredictionOptions options) {
        this(networks, options, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** @param temporary where the temporary directories are made */
    SlidingWindowPredictor(final List<Network> networks, final PredictionOptions options, final Path temporary) {
        requireFitting(networks.stream().map(Network::spec).toList(), networks.stream().map(Network::labels).toList());
        m_options = options;
        m_network = networks.get(0);
        try {
            for (final Network network : networks) {
                m_members.add(member(network, options.overlap(), temporary));
            }
        } catch (final RuntimeException e) {
            close();
            throw e;
        } catch (final IOException e) {
            close();
            throw new UncheckedIOException("The network cannot be prepared for prediction: " + e.getMessage(), e);
        }
    }

    /**
     * Whether networks can segment together.
     *
     * @param specs their architectures
     * @param labels the names of their classes; empty ones fit all
     * @throws LearningException if they cannot; the message is meant for the user
     */
    public static void requireFitting(final List<NetworkSpec> specs, final List<LabelSet> labels) {
        for (final NetworkSpec spec : specs) {
            if (spec.output().image()) {
                throw new LearningException("The network makes images, not segmentations (" + spec + "). Connect the network"
                    + " of a learner that segments.");
            }
            if (spec.inputChannels() != specs.get(0).inputChannels()) {
                throw new LearningException("The networks have " + specs.get(0).inputChannels() + " and "
                    + spec.inputChannels() + " input channels. Only networks of the same images can be averaged.");
            }
            if (spec.classes() != specs.get(0).classes()) {
                throw new LearningException("The networks segment " + specs.get(0).classes() + " and " + spec.classes()
                    + " classes (background included). Only networks of the same classes can be averaged.");
            }
            if (!spec.regions().equals(specs.get(0).regions())) {
                throw new LearningException("The networks segment the regions " + regions(specs.get(0)) + " and "
                    + regions(spec) + ". Only networks of the same regions can be averaged.");
            }
        }
        final List<LabelSet> named = labels.stream().filter(l -> !l.names().isEmpty()).toList();
        for (final LabelSet names : named) {
            if (!names.equals(named.get(0))) {
                throw new LearningException("The networks' classes are " + named.get(0).names().values() + " and "
                    + names.names().values() + ". Only networks of the same classes can be averaged.");
            }
        }
    }

    private static String regions(final NetworkSpec spec) {
        return spec.regions().isEmpty() ? "none" : String.join(", ",
            spec.regions().stream().map(r -> r.name() + " (classes " + r.classes() + ")").toList());
    }

    private static Member member(final Network network, final double overlap, final Path temporary) throws IOException {
        final Path directory = Files.createTempDirectory(temporary, ModelDirectory.PREFIX);
        try {
            return new Member(directory, RunningNetwork.of(network, directory),
                SlidingWindow.of(network, overlap), network.spec().patchSize());
        } catch (final IOException | RuntimeException e) {
            ModelDirectory.delete(directory);
            throw e;
        }
    }

    /**
     * Segments a volume with networks of one channel.
     *
     * @param volume normalized as the training images were
     * @param progress learns of the blocks, cancels between them
     * @return the most probable class per voxel on the volume's grid
     * @throws LearningException if the volume has voxels that are not numbers, or does not fit into memory
     */
    public LabelVolume predict(final Volume volume, final Progress progress) {
        return predict(ChannelImages.of(volume), progress);
    }

    /**
     * Segments the images of one subject.
     *
     * @param images one per channel of the networks
     * @return on the grid of the images, with the info of the first
     * @throws LearningException if there are not as many images as channels, or they do not fit into memory
     */
    public LabelVolume predict(final ChannelImages images, final Progress progress) {
        return segment(images, false, false, progress).labels();
    }

    /**
     * Probabilities of a volume by networks of one channel.
     *
     * @return one volume per class, background first, that add up to 1 per voxel, or one per region; values in [0, 1]
     * @throws LearningException if the volume has voxels that are not numbers, or does not fit into memory
     */
    public List<Volume> probabilities(final Volume volume, final Progress progress) {
        return segment(ChannelImages.of(volume), false, true, progress).probabilities();
    }

    /** As {@link #segment(ChannelImages, Progress)} with networks of one channel. */
    public Prediction segment(final Volume volume, final Progress progress) {
        return segment(ChannelImages.of(volume), progress);
    }

    /**
     * Segments the images of one subject with the maps that the options ask for.
     *
     * @param images one per channel of the networks, normalized as the training images were
     * @param progress learns of the blocks, cancels between them
     * @throws LearningException if there are not as many images as channels, or they do not fit into memory
     */
    public Prediction segment(final ChannelImages images, final Progress progress) {
        return segment(images, m_options.uncertainty(), m_options.probabilities(), progress);
    }

    /**
     * As {@link #segment(ChannelImages, Progress)} with some of the networks.
     *
     * @param networks indices of the networks whose probabilities are averaged; at least one
     */
    public Prediction segment(final ChannelImages images, final List<Integer> networks, final Progress progress) {
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("no network to segment with");
        }
        return segment(images, networks.stream().map(m_members::get).toList(), m_options.uncertainty(),
            m_options.probabilities(), progress);
    }

    private Prediction segment(final ChannelImages images, final boolean uncertainty, final boolean probabilities,
        final Progress progress) {
        return segment(images, m_members, uncertainty, probabilities, progress);
    }

    private Prediction segment(final ChannelImages images, final List<Member> networks, final boolean uncertainty,
        final boolean probabilities, final Progress progress) {
        final Volume volume = images.first();
        if (images.count() != m_network.spec().inputChannels()) {
            throw new LearningException(ChannelNames.mismatch("The network", m_network.spec().inputChannels(),
                ChannelNames.of(m_network.provenance().options()), images.names()));
        }
        final int[] size = volume.geometry().size();
        requireMemory(size, uncertainty, probabilities);
        final List<ProbabilityMean.Member> members = new ArrayList<>();
        for (int m = 0; m < networks.size(); m++) {
            final Member member = networks.get(m);
            final VoxelBlock image = member.window().padded(images.voxels(), size);
            // All passes go through the image side by side: the last one tells how far they are.
            final boolean last = m == networks.size() - 1;
            members.add(new ProbabilityMean.Member(member.window().pass(image, member.model(),
                Flip.combinations(m_options.flips(), member.block()),
                (fraction, message) -> progress.report(last ? fraction : 0, message)), image));
        }
        final SliceMaps maps = new SliceMaps(size, m_network.spec(), uncertainty, probabilities);
        final ProbabilityMean mean = new ProbabilityMean(members, size, m_network.spec().outputs());
        for (int k = 0; k < size[2]; k++) {
            maps.slice(k, mean.next());
        }
        return maps.prediction(volume, m_network.labels());
    }

    /** Bytes that segmenting an image of a size takes of Java's heap beside the image itself. */
    public long bytes(final int[] size) {
        return bytes(size, m_options.uncertainty(), m_options.probabilities());
    }

    private long bytes(final int[] size, final boolean uncertainty, final boolean probabilities) {
        final int outputs = m_network.spec().outputs();
        long bytes = SliceMaps.bytes(size, outputs, uncertainty, probabilities);
        for (final Member member : m_members) {
            bytes += WindowPass.bytes(size, member.block(), outputs)
                + member.window().paddedBytes(size, m_network.spec().inputChannels());
        }
        // the networks are called in turn
        return bytes + m_members.stream().mapToLong(m -> m.window().callBytes(m_network.spec().inputChannels())).max()
            .orElse(0);
    }

    /** @throws LearningException if a prediction of this size would not fit into memory; found out before any work */
    void requireMemory(final int[] size, final boolean uncertainty, final boolean probabilities) {
        final int outputs = m_network.spec().outputs();
        final long bytes = bytes(size, uncertainty, probabilities);
        long largest = (long)size[0] * size[1] * outputs;
        for (final Member member : m_members) {
            largest = Math.max(largest, WindowPass.sliceLength(size, member.block(), outputs));
        }
        final long free = JavaHeap.free(bytes);
        if (bytes > free || largest > Integer.MAX_VALUE) {
            throw new LearningException(String.format(Locale.ROOT, "Segmenting an image of %d×%d×%d voxels into %d classes or"
                + " regions needs about %d MB more memory, and only %d MB are free. Give Java more memory (-Xmx), keep no"
                + " probability maps, use fewer networks, or resample the image.", size[0], size[1], size[2], outputs,
                bytes >> 20, free >> 20));
        }
    }

    /** Frees the models and deletes the temporary directories. */
    @Override
    public void close() {
        for (final Member member : m_members) {
            member.model().close();
            ModelDirectory.delete(member.directory());
        }
        m_members.clear();
    }
}
