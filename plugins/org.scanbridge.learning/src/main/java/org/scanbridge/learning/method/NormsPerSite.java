package org.scanbridge.learning.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.NormSets;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.DomainAdaptationOptions.Afterwards;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.train.TrainingResult;

/**
 * Domain-specific batch normalization in an adaptation (Chang et al., CVPR 2019; as in MS-Net, Liu et al., IEEE TMI 2020):
 * all sites share the kernels, each has its own mean, variance, scale and shift. All sets begin as the one that the network
 * has; the result is an ordinary network with the set of one site.
 *
 * @param parent the network that the adaptation was given
 * @param start the same with a set per site
 * @param sites the sites, sorted; the set of a site has its number in this list
 * @param resultSite whose set the result has
 */
record NormsPerSite(Network parent, Network start, List<String> sites, String resultSite) {

    private static final int MOST_SITES = 64;

    /**
     * @param used the cases of the adaptation
     * @throws LearningException if the network cannot have several sets, the result's site is not there or not clear, or
     *             cannot be adapted further
     */
    static NormsPerSite of(final Network network, final List<TrainingCase> used, final Set<String> sources,
        final DomainAdaptationOptions options) {
        final Set<String> sites = new TreeSet<>();
        used.stream().filter(c -> c.role() == Role.TRAIN).forEach(c -> sites.add(c.site()));
        check(network.spec(), sites);
        final List<String> targets = sites.stream().filter(s -> !sources.contains(s)).toList();
        final String asked = options.norms().resultSite();
        if (asked.isEmpty() && targets.size() > 1) {
            throw new LearningException("There are several target sites, " + targets
                + ", each with norms of its own. Name the site that the network is to be for.");
        }
        final String result = asked.isEmpty() ? targets.get(0) : asked;
        checkResult(result, sites);
        if (sources.contains(result) && options.afterwards() != Afterwards.NOTHING) {
            throw new LearningException("The network is to be for the source site " + result + ", but "
                + options.afterwards() + " afterwards would adapt it to the target. Choose a target site, or nothing"
                + " afterwards.");
        }
        return of(network, sites, result);
    }

    /**
     * For a training in which all sites are alike.
     *
     * @param sites sorted
     * @param asked the site that the network is to be for
     * @throws LearningException if the network cannot have several sets, or the result's site is not named or not there
     */
    static NormsPerSite ofLabeled(final Network network, final Set<String> sites, final String asked) {
        check(network.spec(), sites);
        if (asked.isEmpty()) {
            throw new LearningException("The network has batch normalization, so each of the sites " + sites
                + " gets norms of its own. Name the site that the network is to be for under \"Network for site\", or build a network"
                + " with group normalization.");
        }
        checkResult(asked, sites);
        return of(network, sites, asked);
    }

    private static NormsPerSite of(final Network network, final Set<String> sites, final String result) {
        final NetworkSpec spec = network.spec();
        final Network start = new Network(spec.withDomains(sites.size()),
            NormSets.expand(spec, network.weights(), sites.size()), network.labels(), network.provenance());
        return new NormsPerSite(network, start, List.copyOf(sites), result);
    }

    private static void checkResult(final String result, final Set<String> sites) {
        if (!sites.contains(result)) {
            throw new LearningException("There are no training images of site \"" + result
                + "\" that the network is to be for. Choose one of " + sites + ".");
        }
    }

    private static void check(final NetworkSpec spec, final Set<String> sites) {
        if (sites.size() > MOST_SITES) {
            throw new LearningException("There are " + sites.size() + " sites, but at most " + MOST_SITES
                + " can have norms of their own. Share the norms, or leave sites out.");
        }
        if (!spec.kind().isUNet() || spec.norm() != Norm.BATCH || spec.domains() != 1) {
            throw new LearningException("Norms per site need a U-Net with batch normalization with one set of norm"
                + " parameters, not " + spec + ", " + spec.domains() + " sets. Build and train such a network, or share the"
                + " norms.");
        }
    }

    /** The same with the set of another of the sites. */
    NormsPerSite forSite(final String site) {
        return new NormsPerSite(parent, start, sites, site);
    }

    /** The network of the result's site alone. */
    TrainingResult result(final TrainingResult all) {
        final int domain = sites.indexOf(resultSite);
        final NetworkSpec several = start.spec();
        final Network network = all.network();
        final Provenance p = network.provenance();
        final Provenance provenance = new Provenance(p.method(), p.seed(), p.steps(), p.keptStep(), p.validationDice(),
            p.sites(), p.dataHash(), parent.weights().hash(), p.engine(), p.device(), p.computation(), p.options(),
            p.trainingCases(), p.parents());
        return new TrainingResult(
            new Network(parent.spec(), NormSets.fold(several, network.weights(), domain), network.labels(), provenance),
            NormSets.fold(several, all.last(), domain), all.curve(), all.device(), all.setupSeconds(),
            all.trainingSeconds(), all.validationSeconds());
    }

    /** The cases without those of other target sites, whose images the result's norms are not for. */
    List<TrainingCase> casesForResult(final List<TrainingCase> cases, final Set<String> sources) {
        final List<TrainingCase> kept = new ArrayList<>(cases);
        kept.removeIf(c -> !sources.contains(c.site()) && !c.site().equals(resultSite));
        return kept;
    }
}
