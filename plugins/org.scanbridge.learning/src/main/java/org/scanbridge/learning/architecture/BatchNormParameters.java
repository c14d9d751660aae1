package org.scanbridge.learning.architecture;

import java.util.List;

import org.scanbridge.learning.architecture.Parameter.Init;

/** The parameters of batch normalization behind a block. */
final class BatchNormParameters {

    private BatchNormParameters() {
    }

    /** Adds scale, shift and running statistics. */
    static void add(final List<Parameter> all, final String block, final int channels) {
        addAffine(all, block, "", channels);
        addStatistics(all, block, "", channels);
    }

    /** @param suffix tells the sets of several domains apart */
    static void addAffine(final List<Parameter> all, final String block, final String suffix, final int channels) {
        all.add(new Parameter(block + "/gamma" + suffix, List.of(channels), Init.ONES, true));
        all.add(new Parameter(block + "/beta" + suffix, List.of(channels), Init.ZEROS, true));
    }

    /** @param suffix tells the sets of several domains apart */
    static void addStatistics(final List<Parameter> all, final String block, final String suffix, final int channels) {
        all.add(new Parameter(block + "/mean" + suffix, List.of(channels), Init.ZEROS, false));
        all.add(new Parameter(block + "/variance" + suffix, List.of(channels), Init.ONES, false));
    }
}
