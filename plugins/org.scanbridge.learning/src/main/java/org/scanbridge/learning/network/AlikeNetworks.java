package org.scanbridge.learning.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.ChannelNames;
import org.scanbridge.learning.data.ClassValues;

/**
 * Whether networks are so much alike that their weights can be mixed: the same architecture, the same classes under the same
 * label values, the same images in the same order. Everything that must be the same is named with what both networks have.
 */
public final class AlikeNetworks {

    /**
     * What has to be alike; known before a network is there.
     *
     * @param name what messages call the network, such as {@code Network 1}
     * @param spec its architecture
     * @param labels names of its classes by label value; may name some of the classes only, or none
     * @param channels names of its input channels in their order; empty if they are not known
     */
    public record Facts(String name, NetworkSpec spec, LabelSet labels, List<String> channels) {

        /** Of a network. */
        public static Facts of(final String name, final Network network) {
            return new Facts(name, network.spec(), network.labels(), ChannelNames.of(network.provenance().options()));
        }
    }

    private AlikeNetworks() {
    }

    /**
     * Compares networks with each other.
     *
     * @param all the networks
     * @return the names of the classes that any of them names
     * @throws LearningException if one comes from other software, or two are not alike; the message is meant for the user
     */
    public static LabelSet require(final List<Facts> all) {
        for (final Facts f : all) {
            if (f.spec().isForeign()) {
                throw new LearningException(f.name() + " comes from " + f.spec().foreign().format().words()
                    + ", so its weights are not known and cannot be averaged. Connect it with the Segmentation Predictor, which"
                    + " averages the probabilities of such networks.");
            }
        }
        for (int a = 0; a < all.size(); a++) {
            for (int b = a + 1; b < all.size(); b++) {
                requireSame(all.get(a), all.get(b));
            }
        }
        final SortedMap<Integer, String> names = new TreeMap<>();
        all.forEach(f -> names.putAll(f.labels().names()));
        return new LabelSet(names);
    }

    private static void requireSame(final Facts a, final Facts b) {
        final Map<String, String> ours = words(a.spec());
        final Map<String, String> theirs = words(b.spec());
        for (final Map.Entry<String, String> e : ours.entrySet()) {
            if (!e.getValue().equals(theirs.get(e.getKey()))) {
                throw new LearningException(a.name() + " and " + b.name() + " cannot be averaged: their \"" + e.getKey()
                    + "\" is " + e.getValue() + " and " + theirs.get(e.getKey()) + ". Train both from copies of one network of"
                    + " the Network Builder.");
            }
        }
        if (!a.spec().equals(b.spec())) {
            throw new LearningException(a.name() + " and " + b.name() + " cannot be averaged: their architectures are "
                + a.spec().toJson() + " and " + b.spec().toJson() + ". Train both from copies of one network of the Network"
                + " Builder.");
        }
        if (!a.channels().isEmpty() && !b.channels().isEmpty() && !a.channels().equals(b.channels())) {
            throw new LearningException(a.name() + " and " + b.name() + " cannot be averaged: they were trained with "
                + ChannelNames.of(a.channels().size(), a.channels()) + " and "
                + ChannelNames.of(b.channels().size(), b.channels())
                + ". Train both with the same image columns in the same order.");
        }
        classConflict(a, b).ifPresent(conflict -> {
            throw new LearningException(a.name() + " and " + b.name() + " cannot be averaged: " + conflict
                + ". Give the segmentations of all sites the same classes with the Label Editor, and train again.");
        });
    }

    /** Classes that one network does not name are no conflict, as long as values are classes. */
    private static Optional<String> classConflict(final Facts a, final Facts b) {
        final SortedMap<Integer, String> ours = a.labels().names();
        final SortedMap<Integer, String> theirs = b.labels().names();
        if (ours.isEmpty() || theirs.isEmpty() || ours.equals(theirs)) {
            return Optional.empty();
        }
        if (ClassValues.of(a.labels(), a.spec().classes()).jump() || ClassValues.of(b.labels(), b.spec().classes()).jump()) {
            return Optional.of("their classes are " + ours + " and " + theirs);
        }
        for (final Map.Entry<Integer, String> e : ours.entrySet()) {
            final String other = theirs.get(e.getKey());
            if (other != null && !other.equals(e.getValue())) {
                return Optional.of("class " + e.getKey() + " is \"" + e.getValue() + "\" and \"" + other + '"');
            }
            if (other == null && theirs.containsValue(e.getValue())) {
                return Optional.of("\"" + e.getValue() + "\" is class " + e.getKey() + " of the one and another class of the other"
                    + " (" + ours + " and " + theirs + ')');
            }
        }
        return Optional.empty();
    }

    /** In the words of the Network Builder, most telling first. */
    private static Map<String, String> words(final NetworkSpec spec) {
        final Map<String, String> words = new LinkedHashMap<>();
        words.put("Architecture", "" + spec.kind());
        words.put("Input channels", "" + spec.inputChannels());
        words.put("Number of classes", spec.classes() - 1 + " without the background");
        words.put("Regions", spec.regions().isEmpty() ? "none" : String.join(", ",
            spec.regions().stream().map(AlikeNetworks::words).toList()));
        words.put("Output", "" + spec.output());
        words.put("Channels at full resolution", "" + spec.baseWidth());
        words.put("Levels", "" + spec.levels());
        words.put("Normalization of features", "" + spec.norm());
        words.put("Deep supervision", spec.deepSupervision() ? "on" : "off");
        words.put("Sets of norm parameters", "" + spec.domains());
        words.put("Patch size", "" + spec.patchSize());
        return words;
    }

    private static String words(final NetworkRegion region) {
        return region.name() + " (classes " + region.classes() + ')';
    }
}
