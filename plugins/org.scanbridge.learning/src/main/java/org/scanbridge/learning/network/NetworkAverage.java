package org.scanbridge.learning.network;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.WeightedMean;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.data.ChannelNames;
import org.scanbridge.learning.data.IntensityRanges;
import org.scanbridge.learning.data.VoxelSpacings;
import org.scanbridge.tensorflow.Computation;

/**
 * One network out of several of the same architecture: the weighted mean of their weights.
 * <ul>
 * <li>Federated averaging (FedAvg: McMahan et al., AISTATS 2017): sites train copies of one network on images that do not
 * leave them, θ = Σ n<sub>k</sub> θ<sub>k</sub> / Σ n<sub>k</sub> with n<sub>k</sub> training cases at site k, and train the
 * average further in the next round. The norms of a site may stay its own, see {@link NormRule}.</li>
 * <li>Interpolation (WiSE-FT: Wortsman et al., CVPR 2022): θ = (1 − α) θ<sub>0</sub> + α θ<sub>1</sub> between a network and
 * what it was adapted to, which keeps more of what the first one knew.</li>
 * </ul>
 * Means of weights are of use only where the networks started from the same weights ({@link #strangers}). Needs no TensorFlow,
 * and gives the same bits on every machine and in every order of the networks.
 */
public final class NetworkAverage {

    /** Method of the result of {@link #of} in its provenance. */
    public static final String AVERAGE = "network average";

    /** Method of the result of {@link #interpolate} in its provenance. */
    public static final String INTERPOLATION = "weight interpolation";

    /**
     * A network that is averaged.
     *
     * @param name what messages call it, such as {@code Network 1}
     * @param network the network
     * @param weight how much it counts: 0, or within [1e-9, 1e9]; only the ratio to the others matters
     */
    public record Member(String name, Network network, double weight) {
    }

    private NetworkAverage() {
    }

    /**
     * Averages networks whose norms are averaged, too.
     *
     * @param networks one or more; {@code Network 1} and so on in messages
     * @param weights how much each counts, as many
     * @throws LearningException as {@link #of(List, NormRule, int)}
     */
    public static Network of(final List<Network> networks, final List<Double> weights) {
        if (networks.size() != weights.size()) {
            throw new LearningException("There are " + weights.size() + " weights and " + networks.size()
                + " networks. Give one weight per network.");
        }
        final List<Member> members = new ArrayList<>();
        for (int n = 0; n < networks.size(); n++) {
            members.add(new Member("Network " + (n + 1), networks.get(n), weights.get(n)));
        }
        return of(members, NormRule.AVERAGED, 0);
    }

    /**
     * Averages networks.
     *
     * @param members one or more
     * @param norms what becomes of the norms
     * @param keeper index of the member whose norms stay; without effect if norms are averaged
     * @return the average; its provenance has all members with hashes and weights as parents
     * @throws LearningException if networks are not alike ({@link AlikeNetworks}), come from other software or have values
     *             that are not finite; if a weight is out of range, or all are 0; if statistics are to be kept where there are
     *             none; the message is meant for the user
     */
    public static Network of(final List<Member> members, final NormRule norms, final int keeper) {
        final Map<String, String> options = new TreeMap<>();
        return mix(members, norms, keeper, AVERAGE, commonParent(members), options);
    }

    /**
     * Interpolates between a network and one that was adapted from it.
     *
     * @param source the network before, θ<sub>0</sub>
     * @param adapted the network after, θ<sub>1</sub>
     * @param alpha α in [0, 1]: 0 gives the weights of the source bit for bit, 1 those of the adapted network
     * @param norms what becomes of the norms
     * @param keepSource whether it is the source whose norms stay; without effect if norms are averaged
     * @throws LearningException as {@link #of(List, NormRule, int)}, or if α is out of range
     */
    public static Network interpolate(final Network source, final Network adapted, final double alpha, final NormRule norms,
        final boolean keepSource) {
        // smaller ones are 0 as far as 32-bit weights are concerned, but no weight of a member
        if (!(alpha >= 0 && alpha <= 1) || alpha > 0 && alpha < 1e-9 || alpha < 1 && 1 - alpha < 1e-9) {
            throw new LearningException("The share of the adapted network is " + alpha + ". Give 0 to 1, and a number between"
                + " them not closer to either than 1e-9.");
        }
        final Map<String, String> options = new TreeMap<>(Map.of("alpha", "" + alpha));
        return mix(List.of(new Member("Network 1", source, 1 - alpha), new Member("Network 2", adapted, alpha)), norms,
            keepSource ? 0 : 1, INTERPOLATION, source.hash(), options);
    }

    /**
     * The numbers of training cases as weights, n<sub>k</sub> of FedAvg.
     *
     * @param names of the networks, for messages
     * @param networks the networks
     * @throws LearningException if one does not say how many cases it was trained on
     */
    public static List<Double> caseWeights(final List<String> names, final List<Network> networks) {
        final List<Double> weights = new ArrayList<>();
        for (int n = 0; n < networks.size(); n++) {
            final Provenance p = networks.get(n).provenance();
            if (p.trainingCases() < 1) {
                throw new LearningException(names.get(n) + " (" + p.method() + ") does not say how many cases it was trained on:"
                    + (p.trained() ? " an earlier version of ScanBridge trained it." : " it is not trained.")
                    + " Choose \"Equally\" or \"Given weights\".");
            }
            weights.add((double)p.trainingCases());
        }
        return weights;
    }

    /**
     * Why the average of networks may segment nothing: those that did not start from the same weights do not have the same
     * things in the same channels.
     *
     * @param names of the networks
     * @param networks the networks
     * @return the names of two that have no parent in common; empty if there are none, or nothing is known
     */
    public static Optional<List<String>> strangers(final List<String> names, final List<Network> networks) {
        for (int a = 0; a < networks.size(); a++) {
            for (int b = a + 1; b < networks.size(); b++) {
                final Set<String> common = ancestors(networks.get(a));
                common.retainAll(ancestors(networks.get(b)));
                if (common.isEmpty()) {
                    return Optional.of(List.of(names.get(a), names.get(b)));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Why the average of networks may segment badly although all are good: the sites normalized their images differently.
     *
     * @param names of the networks
     * @param networks the networks, with as many channels
     * @return of two whose trainings had intensities unlike each other ({@link IntensityRanges}), their names with the
     *         intensities of the first such channel; empty if there are none, or nothing is known
     */
    public static Optional<List<String>> otherScales(final List<String> names, final List<Network> networks) {
        final Map<String, IntensityRanges> known = new LinkedHashMap<>();
        for (int n = 0; n < networks.size(); n++) {
            final String name = names.get(n);
            IntensityRanges.of(networks.get(n).provenance().options()).ifPresent(ranges -> known.put(name, ranges));
        }
        for (final Map.Entry<String, IntensityRanges> one : known.entrySet()) {
            for (final Map.Entry<String, IntensityRanges> other : known.entrySet()) {
                final OptionalInt channel = one.getValue().unlike(other.getValue());
                if (channel.isPresent()) {
                    return Optional.of(List.of(words(one, channel.getAsInt()), words(other, channel.getAsInt())));
                }
            }
        }
        return Optional.empty();
    }

    private static String words(final Map.Entry<String, IntensityRanges> network, final int channel) {
        return network.getKey() + " (" + network.getValue().channels().get(channel) + ')';
    }

    /** Hashes of a network and of what it is known to come from. */
    private static Set<String> ancestors(final Network network) {
        final Set<String> all = new TreeSet<>(Set.of(network.hash(), network.provenance().parentHash()));
        network.provenance().parents().forEach(p -> all.add(p.weightsHash()));
        all.remove("");
        return all;
    }

    private static Network mix(final List<Member> members, final NormRule norms, final int keeper, final String method,
        final String parent, final Map<String, String> options) {
        final LabelSet labels = AlikeNetworks.require(
            members.stream().map(m -> AlikeNetworks.Facts.of(m.name(), m.network())).toList());
        requireSameDomains(members);
        final Weights mean = mean(members);
        final Network first = members.get(0).network();
        Weights weights = mean;
        if (norms != NormRule.AVERAGED) {
            if (keeper < 0 || keeper >= members.size()) {
                throw new LearningException("Network " + (keeper + 1) + " is to keep its norms, but there are " + members.size()
                    + " networks. Choose 1 to " + members.size() + '.');
            }
            final List<Parameter> kept = mean.parameters().stream().filter(norms::keeps).toList();
            if (kept.isEmpty()) {
                throw new LearningException("The running statistics of one network are to be kept, but " + first.spec().norm()
                    + " normalization has none. Keep scale and shift as well, or average all.");
            }
            weights = WeightedMean.keeping(mean, members.get(keeper).network().weights(), norms::keeps);
        }
        options.put("norms", norms == NormRule.AVERAGED ? norms.name()
            : norms + " of " + members.get(keeper).network().hash());
        return new Network(first.spec(), weights, labels, provenance(members, method, parent, options));
    }

    private static Weights mean(final List<Member> members) {
        try {
            return WeightedMean.of(members.stream().map(m -> m.network().weights()).toList(),
                members.stream().map(Member::weight).toList());
        } catch (final IllegalArgumentException e) {
            throw new LearningException(e.getMessage(), e);
        }
    }

    /** Sets of norm parameters are those of sites: mixed, each must be of the same site. */
    private static void requireSameDomains(final List<Member> members) {
        final Member first = members.get(0);
        for (final Member m : members) {
            if (first.network().spec().domains() > 1
                && !m.network().provenance().sites().equals(first.network().provenance().sites())) {
                throw new LearningException(first.name() + " and " + m.name() + " have norms per site of the sites "
                    + first.network().provenance().sites() + " and " + m.network().provenance().sites()
                    + ". Only norms of the same sites can be averaged: train with shared norms.");
            }
        }
    }

    private static String commonParent(final List<Member> members) {
        final Set<String> parents = new TreeSet<>(members.stream().map(m -> m.network().provenance().parentHash()).toList());
        return parents.size() == 1 ? parents.iterator().next() : "";
    }

    private static Provenance provenance(final List<Member> members, final String method, final String parent,
        final Map<String, String> options) {
        final double total = members.stream().mapToDouble(Member::weight).sorted().sum();
        final List<Provenance.Parent> parents = new ArrayList<>();
        final Set<String> sites = new TreeSet<>();
        // networks of the same data, such as of two seeds or of a network and its average, were trained on the same cases
        final Map<String, Integer> cases = new TreeMap<>();
        final List<Optional<VoxelSpacings>> spacings = new ArrayList<>();
        final List<Optional<IntensityRanges>> intensities = new ArrayList<>();
        int unknown = 0;
        for (final Member m : members) {
            final Provenance p = m.network().provenance();
            parents.add(new Provenance.Parent(m.network().hash(), m.weight() / total, p.method(), p.sites(), p.dataHash(),
                p.trainingCases()));
            sites.addAll(p.sites());
            if (p.dataHash().isEmpty()) {
                unknown += p.trainingCases();
            } else {
                cases.merge(p.dataHash(), p.trainingCases(), Math::max);
            }
            spacings.add(VoxelSpacings.of(p.options()));
            intensities.add(IntensityRanges.of(p.options()));
            p.options().forEach((key, value) -> {
                if (key.startsWith(ChannelNames.OPTION)) {
                    options.put(key, value);
                }
            });
        }
        ofAll(spacings, VoxelSpacings::with).ifPresent(s -> s.addTo(options));
        ofAll(intensities, IntensityRanges::with).ifPresent(r -> r.addTo(options));
        parents.sort(Comparator.comparing(Provenance.Parent::weightsHash).thenComparing(Provenance.Parent::weight));
        final long seed = members.stream().mapToLong(m -> m.network().provenance().seed()).min().orElse(0);
        return new Provenance(method, seed, 0, 0, Double.NaN, List.copyOf(sites), hash(List.copyOf(cases.keySet())), parent, "",
            "", Computation.UNKNOWN, options, unknown + cases.values().stream().mapToInt(Integer::intValue).sum(), parents);
    }

    /** What all members say together; empty if one says nothing. */
    private static <T> Optional<T> ofAll(final List<Optional<T>> said, final BinaryOperator<T> together) {
        return said.stream().allMatch(Optional::isPresent) ? said.stream().flatMap(Optional::stream).reduce(together)
            : Optional.empty();
    }

    /** The only hash, or one over all; empty if there is none. */
    private static String hash(final List<String> hashes) {
        if (hashes.size() < 2) {
            return hashes.isEmpty() ? "" : hashes.get(0);
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                .digest(("scanbridge-average\n" + String.join("\n", hashes)).getBytes(StandardCharsets.UTF_8)));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
