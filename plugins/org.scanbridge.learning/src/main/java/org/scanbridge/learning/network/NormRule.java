package org.scanbridge.learning.network;

import org.scanbridge.learning.architecture.Parameter;

/** What becomes of the norms when networks are averaged. */
public enum NormRule {

    /** They are averaged like all other weights, running statistics as well (McMahan et al., AISTATS 2017). */
    AVERAGED,

    /**
     * One network keeps its running means and variances, all else is averaged (SiloBN: Andreux et al., DCL at MICCAI 2020);
     * needs batch normalization, other norms have no statistics.
     */
    STATISTICS_KEPT,

    /** One network keeps scale, shift and running statistics of all its norms (FedBN: Li et al., ICLR 2021, algorithm 1). */
    KEPT;

    /** Whether a parameter is taken from the one network instead of the average. */
    boolean keeps(final Parameter parameter) {
        return switch (this) {
            case AVERAGED -> false;
            case STATISTICS_KEPT -> parameter.ofNorm() && !parameter.trainable();
            case KEPT -> parameter.ofNorm();
        };
    }
}
