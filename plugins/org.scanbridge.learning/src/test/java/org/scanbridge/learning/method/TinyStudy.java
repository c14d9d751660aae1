package org.scanbridge.learning.method;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.experiment.PhantomCases;
import org.scanbridge.learning.network.Network;

/**
 * Phantoms of 20³ voxels from two sites, and a network that trains on them within a second: with a single level, since making
 * and preparing a graph takes longer than the few steps of a test. What hangs on the levels names a network of its own.
 */
final class TinyStudy {

    static final NetworkSpec SPEC = NetworkSpec.unet3d(4, 4, 1, 16);

    private static final PhantomStudy STUDY = new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.B), 20, 3);

    /** Three training subjects, one validation subject and one more, from each of two sites. */
    private final List<List<PhantomCases.Pair>> m_sites =
        List.of(PhantomCases.pairs(STUDY, 0, 0, 5), PhantomCases.pairs(STUDY, 1, 0, 5));

    Network untrained() {
        return Network.untrained(SPEC, 1);
    }

    List<TrainingCase> training(final int site, final boolean labeled) {
        return PhantomCases.cases(m_sites.get(site).subList(0, 3), labeled, Role.TRAIN);
    }

    PhantomCases.Pair validationPair(final int site) {
        return m_sites.get(site).get(3);
    }

    List<TrainingCase> validation(final int site) {
        return PhantomCases.cases(m_sites.get(site).subList(3, 4), true, Role.VALIDATION);
    }

    PhantomCases.Pair heldOut(final int site) {
        return m_sites.get(site).get(4);
    }

    @SafeVarargs
    static List<TrainingCase> together(final List<TrainingCase>... parts) {
        final List<TrainingCase> all = new ArrayList<>();
        for (final List<TrainingCase> part : parts) {
            all.addAll(part);
        }
        return all;
    }
}
