package org.scanbridge.learning.foreign;

/** What has to be done with a network's outputs to make probabilities of them. */
public enum Activation {
    /** Nothing: they are probabilities. */
    NONE,
    /** Softmax over the channels: exactly one class per voxel, the background among them. */
    SOFTMAX,
    /** 1 / (1 + e^-x) of each channel: regions, which may overlap. */
    SIGMOID;

    /**
     * Turns outputs into probabilities where they are.
     *
     * @param values [voxels, channels]
     * @param channels number of channels
     */
    public void apply(final float[] values, final int channels) {
        switch (this) {
            case NONE -> {
                // they are what they are to be
            }
            case SIGMOID -> {
                for (int v = 0; v < values.length; v++) {
                    values[v] = (float)(1 / (1 + Math.exp(-values[v])));
                }
            }
            case SOFTMAX -> {
                for (int v = 0; v < values.length; v += channels) {
                    softmax(values, v, channels);
                }
            }
        }
    }

    /** Without overflow: e^(x - largest). */
    private static void softmax(final float[] values, final int from, final int channels) {
        float largest = values[from];
        for (int c = 1; c < channels; c++) {
            largest = Math.max(largest, values[from + c]);
        }
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            final double e = Math.exp(values[from + c] - largest);
            values[from + c] = (float)e;
            sum += e;
        }
        for (int c = 0; c < channels; c++) {
            values[from + c] = (float)(values[from + c] / sum);
        }
    }
}
