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
 * @param hash SHA-256 over subjects, sites, roles and voxels, in hexadecimal; the order of the cases does not matter
 */
public record CaseSet(List<LoadedCase> training, List<LoadedCase> validation, LabelSet labels, String hash) {

    /**
     * Reads cases.
     *
     * @param cases all cases of the training; sorted here by site and subject, so that their order has no effect
     * @param spec the network's
     * @param withLabels the cases whose labels may be read
     * @param progress learns of the cases
     * @throws LearningException if a subject is both training and validation, or as {@link LoadedCase} says
     */
    public static CaseSet load(final List<TrainingCase> cases, final NetworkSpec spec,
        final Predicate<TrainingCase> withLabels, final Progress progress) {
        if (spec.inputChannels() != 1) {
            throw new LearningException("The network has " + spec.inputChannels()
                + " input channels, but each case has one image. Build a network with one input channel.");
        }
        checkSubjects(cases);
        final List<TrainingCase> sorted = new ArrayList<>(cases);
        sorted.sort(Comparator.comparing(TrainingCase::site).thenComparing(TrainingCase::subject));
        final List<LoadedCase> training = new ArrayList<>();
        final List<LoadedCase> validation = new ArrayList<>();
        final Map<Integer, String> names = new TreeMap<>();
        final List<String> hashes = new ArrayList<>();
        for (int n = 0; n < sorted.size(); n++) {
            progress.report((double)n / sorted.size(), "Reading case " + (n + 1) + " of " + sorted.size());
            final LoadedCase loaded = new LoadedCase(sorted.get(n), spec, withLabels.test(sorted.get(n)));
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
        return new CaseSet(training, validation, LabelSet.of(names), HexFormat.of().formatHex(all.digest()));
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
        final float[] voxels = loaded.image().voxels();
        final ByteBuffer bytes = ByteBuffer.allocate(4 * voxels.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(voxels);
        digest.update(bytes);
        if (loaded.labeled()) {
            digest.update(loaded.labels());
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
