package org.scanbridge.learning.architecture;

/** How the activations behind a convolution are normalized; every kind has a learned scale and shift per channel. */
public enum Norm {
    /**
     * Group normalization (Wu and He, ECCV 2018): mean and variance per sample over space and groups of channels. The
     * same in training and prediction; the safe choice for small batches.
     */
    GROUP,
    /**
     * Batch normalization (Ioffe and Szegedy, ICML 2015): batch statistics in training, running statistics in
     * prediction.
     */
    BATCH,
    /** Instance normalization (Ulyanov et al., 2016): mean and variance per sample and channel. */
    INSTANCE;

    private static final int GROUPS = 4;

    /** Number of groups for {@link #GROUP}: 4, fewer if the channels do not divide by 4. */
    public static int groups(final int channels) {
        int groups = Math.min(GROUPS, channels);
        while (channels % groups != 0) {
            groups--;
        }
        return groups;
    }
}
