package org.scanbridge.learning.architecture;

import java.util.List;
import java.util.Objects;

/**
 * A convolutional auto-encoder of image blocks as data, after Baur et al. (Autoencoders for unsupervised anomaly
 * segmentation in brain MR images: a comparative study, MedIA 2021): strided convolutions down to a few numbers, the latent
 * code, and the way back, without any connection beside the code. Blocks of depth 1 make it two-dimensional.
 *
 * @param patchSize voxels of a block; each axis a multiple of {@link #divisor()}, k may be 1
 * @param baseWidth channels at full resolution; each level below has twice as many; 1 to 256
 * @param levels number of resolutions, so {@code levels - 1} halvings; 2 to 6
 * @param latent how many numbers the code has: of the whole block if dense, of each place of the lowest resolution if
 *            spatial; 1 to 4096
 * @param code dense or spatial
 * @param variational whether the code is the mean and variance of a normal distribution (Kingma and Welling, ICLR 2014)
 */
public record AutoEncoderSpec(PatchSize patchSize, int baseWidth, int levels, int latent, Code code, boolean variational) {

    /** What the code looks like. */
    public enum Code {
        /** One vector for the block: the network knows where in the block something is, and the whole block at once. */
        DENSE,
        /** A vector for each place of the lowest resolution: far larger, and copies more of what it has never seen. */
        SPATIAL
    }

    /** @throws IllegalArgumentException if a component is outside the range given above; in the words of the dialog */
    public AutoEncoderSpec {
        Objects.requireNonNull(patchSize, "patchSize");
        Objects.requireNonNull(code, "code");
        check(baseWidth >= 1 && baseWidth <= 256, "Width " + baseWidth + ": 1 to 256.");
        check(levels >= 2 && levels <= 6, "Levels " + levels + ": 2 to 6.");
        check(latent >= 1 && latent <= 4096, "Latent size " + latent + ": 1 to 4096.");
        final int d = 1 << levels - 1;
        check(patchSize.i() % d == 0 && patchSize.j() % d == 0 && (patchSize.k() == 1 || patchSize.k() % d == 0),
            "Patch size " + patchSize + ": must be multiples of " + d + " for " + levels
                + " levels (1 along k for slices).");
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }

    /** What the block's size is a multiple of along each axis that is halved: 2^(levels-1). */
    public int divisor() {
        return 1 << levels - 1;
    }

    /** Whether blocks are slices. */
    public boolean flat() {
        return patchSize.k() == 1;
    }

    /** Voxels of a block at the lowest resolution. */
    public PatchSize bottom() {
        return new PatchSize(patchSize.i() / divisor(), patchSize.j() / divisor(), flat() ? 1 : patchSize.k() / divisor());
    }

    /** Channels at a level in [0, levels-1]. */
    public int width(final int level) {
        return baseWidth << level;
    }

    /** How many numbers a block's code has. */
    public int codeLength() {
        return code == Code.DENSE ? latent : latent * bottom().voxels();
    }

    /**
     * What reads images for this network: blocks of its size, one channel. A segmenting network in name only; it is never
     * built.
     */
    public NetworkSpec reading() {
        return new NetworkSpec(flat() ? NetworkSpec.Kind.UNET_2D : NetworkSpec.Kind.UNET_3D, 1, 2, baseWidth, levels,
            Norm.GROUP, patchSize);
    }

    /** The parameters, derived from this alone; {@link AutoEncoderPlan} tells what they are. */
    public List<Parameter> parameters() {
        return new AutoEncoderPlan(this).parameters();
    }

    /** Fresh weights. */
    public Weights initial(final long seed) {
        return Weights.initial(parameters(), seed);
    }

    /** For messages. */
    @Override
    public String toString() {
        return (variational ? "variational auto-encoder" : "auto-encoder") + ", width " + baseWidth + ", " + levels
            + " levels, " + (code == Code.DENSE ? "dense" : "spatial") + " code of " + latent + ", patch " + patchSize;
    }
}
