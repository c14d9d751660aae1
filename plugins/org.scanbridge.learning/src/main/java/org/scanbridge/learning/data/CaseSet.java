package org.scanbridge.learning.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;

/**
 * The cases of a training in memory.
 *
 * @param training the cases to train on
 * @param validation the cases to validate on, all labeled
 * @param labels names of the classes of all labels that were read
 * @param channels names of the input channels, in the order in which the network gets them
 * @param hash SHA-256 over subjects, sites, roles, the voxels of all channels, labels and what teachers say, in hexadecimal; the order of the cases
 *            does not matter
 */
public record CaseSet(List<LoadedCase> training, List<LoadedCase> validation, LabelSet labels, List<String> channels,
    String hash) {

    private static final String UNANNOTATED_OPTION = "unannotatedVoxels";

    /** Voxels that are hashed at a time. */
    private static final int HASHED = 1 << 14;

    /**
     * Reads cases.
     *
     * @param cases all cases of the training; sorted here by site and subject, so that their order has no effect
     * @param spec the network's
     * @param withLabels the cases whose labels may be read
     * @param progress learns of the cases
     * @throws LearningException if a subject is both training and validation, if there are not as many channels as the
     *             network has, if the cases do not fit into memory, or as {@link LoadedCase} says
     */
    public static CaseSet load(final List<TrainingCase> cases, final NetworkSpec spec,
        final Predicate<TrainingCase> withLabels, final Progress progress) {
        return load(cases, spec, withLabels, c -> false, progress);
    }

    /**
     * As {@link #load(List, NetworkSpec, Predicate, Progress)}.
     *
     * @param withTeacher the cases of which a teacher's word is read, if there is one
     */
    public static CaseSet load(final List<TrainingCase> cases, final NetworkSpec spec,
        final Predicate<TrainingCase> withLabels, final Predicate<TrainingCase> withTeacher, final Progress progress) {
        checkChannels(cases, spec);
        checkSubjects(cases);
        final List<TrainingCase> sorted = new ArrayList<>(cases);
        sorted.sort(Comparator.comparing(TrainingCase::site).thenComparing(TrainingCase::subject));
        final List<LoadedCase> training = new ArrayList<>();
        final List<LoadedCase> validation = new ArrayList<>();
        final Map<Integer, String> names = new TreeMap<>();
        final List<String> hashes = new ArrayList<>();
        for (int n = 0; n < sorted.size(); n++) {
            progress.report((double)n / sorted.size(), "Reading case " + (n + 1) + " of " + sorted.size());
            final LoadedCase loaded =
                read(sorted, n, spec, withLabels.test(sorted.get(n)), withTeacher.test(sorted.get(n)));
            (sorted.get(n).role() == Role.TRAIN ? training : validation).add(loaded);
            if (loaded.labeled()) {
                loaded.labelVolume().labels().names().forEach(names::putIfAbsent);
            }
            hashes.add(hash(loaded));
        }
        hashes.sort(null);
        final MessageDigest all = sha256();
        hashes.forEach(h -> all.update(h.getBytes(StandardCharsets.US_ASCII)));
        names.keySet().removeIf(value -> value >= spec.classes());
        return new CaseSet(training, validation, LabelSet.of(names),
            cases.isEmpty() ? List.of() : names(cases.get(0)), HexFormat.of().formatHex(all.digest()));
    }

    private static LoadedCase read(final List<TrainingCase> cases, final int n, final NetworkSpec spec,
        final boolean withLabels, final boolean withTeacher) {
        try {
            return new LoadedCase(cases.get(n), spec, withLabels, withTeacher);
        } catch (final OutOfMemoryError e) {
            // Nothing of this case is referred to any more, so there is memory for the message.
            throw new LearningException("The images do not fit into memory: all " + cases.size() + " cases are kept there, and"
                + " at case " + (n + 1) + " (subject " + cases.get(n).subject() + ") the "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MB that Java may use were full. Give Java more memory (-Xmx in"
                + " knime.ini; SCANBRIDGE_HEAP for scanbridge-batch), crop or resample the images with the Volume Resampler,"
                + " or train on fewer of them.", e);
        }
    }

    /** Whether any voxel of a training case is not annotated. */
    public boolean partial() {
        return training.stream().anyMatch(c -> c.unannotated() > 0);
    }

    /**
     * Adds the names of several channels and the number of voxels that are not annotated to the options of a training; those
     * of trainings on single images where all is annotated stay as they are.
     *
     * @return as {@link ChannelNames#of(Map)} reads it
     */
    public Map<String, String> addChannels(final Map<String, String> options) {
        final Map<String, String> all = new TreeMap<>(options);
        if (partial()) {
            all.put(UNANNOTATED_OPTION, "" + training.stream().mapToLong(LoadedCase::unannotated).sum());
        }
        for (int c = 0; channels.size() > 1 && c < channels.size(); c++) {
            all.put(ChannelNames.OPTION + (c + 1), channels.get(c));
        }
        return all;
    }

    /**
     * Adds the voxel spacings and the intensities of the images to train on to the options of a training.
     *
     * @return as {@link VoxelSpacings#of(Map)} and {@link IntensityRanges#of(Map)} read it
     */
    public Map<String, String> addImageFacts(final Map<String, String> options) {
        final Map<String, String> all = new TreeMap<>(options);
        if (!training.isEmpty()) {
            VoxelSpacings.of(training.stream().map(LoadedCase::geometry).toList()).addTo(all);
            training.stream().map(LoadedCase::intensities).reduce(IntensityRanges::with).orElseThrow().addTo(all);
        }
        return all;
    }

    private static List<String> names(final TrainingCase source) {
        return source.channels().stream().map(ImageChannel::name).toList();
    }

    private static void checkChannels(final List<TrainingCase> cases, final NetworkSpec spec) {
        for (final TrainingCase c : cases) {
            if (c.channels().size() != spec.inputChannels()) {
                throw new LearningException(ChannelNames.mismatch("The network", spec.inputChannels(), List.of(), names(c)));
            }
        }
    }

    private static void checkSubjects(final List<TrainingCase> cases) {
        final Map<String, Role> roles = new TreeMap<>();
        for (final TrainingCase c : cases) {
            final Role other = roles.putIfAbsent(c.subject(), c.role());
            if (other != null && other != c.role()) {
                throw new LearningException("Subject " + c.subject() + " is used both for training and for validation. "
                    + "Split by subject, so that all images of a subject have one role.");
            }
        }
    }

    private static String hash(final LoadedCase loaded) {
        final MessageDigest digest = sha256();
        final TrainingCase source = loaded.source();
        digest.update((source.subject() + '\n' + source.site() + '\n' + source.role() + '\n')
            .getBytes(StandardCharsets.UTF_8));
        for (final float[] voxels : loaded.image().channels()) {
            // Piece by piece: a copy of a whole image may not fit beside the images.
            final ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * HASHED).order(ByteOrder.LITTLE_ENDIAN);
            for (int v = 0; v < voxels.length; v += HASHED) {
                final int count = Math.min(HASHED, voxels.length - v);
                bytes.clear().limit(Float.BYTES * count);
                bytes.asFloatBuffer().put(voxels, v, count);
                digest.update(bytes);
            }
        }
        if (loaded.labeled()) {
            digest.update(loaded.labels());
        }
        if (loaded.taught()) {
            loaded.teacher().maps().forEach(digest::update);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
