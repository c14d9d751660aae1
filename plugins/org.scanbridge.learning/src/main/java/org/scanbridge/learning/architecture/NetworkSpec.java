package org.scanbridge.learning.architecture;

import java.util.Objects;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;

/**
 * An architecture as data. The network maps an image block of {@code inputChannels} to one logit per class and voxel
 * of the same block.
 *
 * @param kind family of networks
 * @param inputChannels channels of the input image; at least 1
 * @param classes number of classes, background (0) included; 2 to 256. As many as input channels if the output is an
 *            image
 * @param baseWidth channels at full resolution; each level below has twice as many; at least 1
 * @param levels number of resolutions, so {@code levels - 1} poolings by 2; 1 to 6
 * @param norm normalization behind each 3×3×3 convolution
 * @param patchSize block size in training; each pooled axis a multiple of {@link #divisor()}
 * @param output what becomes of the last convolution's values; {@code null} for class probabilities
 */
public record NetworkSpec(Kind kind, int inputChannels, int classes, int baseWidth, int levels, Norm norm,
    PatchSize patchSize, NetworkOutput output) {

    /** Families of networks. */
    public enum Kind {
        /** U-Net with 3×3×3 convolutions (Çiçek et al., MICCAI 2016). */
        UNET_3D,
        /** U-Net with 3×3 convolutions on single slices (Ronneberger et al., MICCAI 2015), as convolutions of depth 1. */
        UNET_2D
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public NetworkSpec {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(norm, "norm");
        Objects.requireNonNull(patchSize, "patchSize");
        // networks that were stored before there were generators do not say it
        output = output == null ? NetworkOutput.PROBABILITIES : output;
        check(inputChannels >= 1, "Input channels " + inputChannels + ": at least 1.");
        if (output.image()) {
            check(classes == inputChannels,
                "Output channels " + classes + ": a generator makes as many as it takes, " + inputChannels + ".");
        } else {
            check(classes >= 2 && classes <= 256, "Number of classes " + classes + ": 2 to 256, background included.");
        }
        check(baseWidth >= 1 && baseWidth <= 1024, "Base width " + baseWidth + ": 1 to 1024.");
        check(levels >= 1 && levels <= 6, "Levels " + levels + ": 1 to 6.");
        final int d = 1 << levels - 1;
        check(patchSize.i() % d == 0 && patchSize.j() % d == 0, "Patch size " + patchSize + ": i and j must be multiples of "
            + d + " for " + levels + " levels.");
        if (kind == Kind.UNET_2D) {
            check(patchSize.k() == 1, "Patch size " + patchSize + ": a 2-D network needs 1 along k.");
        } else {
            check(patchSize.k() % d == 0,
                "Patch size " + patchSize + ": k must be a multiple of " + d + " for " + levels + " levels.");
        }
    }

    /** A segmentation network: the output are class probabilities. */
    public NetworkSpec(final Kind kind, final int inputChannels, final int classes, final int baseWidth, final int levels,
        final Norm norm, final PatchSize patchSize) {
        this(kind, inputChannels, classes, baseWidth, levels, norm, patchSize, NetworkOutput.PROBABILITIES);
    }

    /** A 3-D U-Net for one-channel images with cubic patches and group normalization. */
    public static NetworkSpec unet3d(final int classes, final int baseWidth, final int levels, final int patch) {
        return new NetworkSpec(Kind.UNET_3D, 1, classes, baseWidth, levels, Norm.GROUP, PatchSize.cube(patch));
    }

    /** What the size of an input block must be a multiple of on every pooled axis: 2^(levels-1). */
    public int divisor() {
        return 1 << levels - 1;
    }

    /** What the size of an input block along k must be a multiple of; 1 for 2-D networks. */
    public int divisorK() {
        return kind == Kind.UNET_2D ? 1 : divisor();
    }

    /** The same architecture with another patch size. */
    public NetworkSpec withPatchSize(final PatchSize size) {
        return new NetworkSpec(kind, inputChannels, classes, baseWidth, levels, norm, size, output);
    }

    /** The same architecture as a generator of images. */
    public NetworkSpec asGenerator(final NetworkOutput image) {
        return new NetworkSpec(kind, inputChannels, inputChannels, baseWidth, levels, norm, patchSize, image);
    }

    /** As JSON, keys in the order of the components. */
    public String toJson() {
        return new GsonBuilder().setPrettyPrinting().create().toJson(this);
    }

    /**
     * The inverse of {@link #toJson()}.
     *
     * @throws IllegalArgumentException if the text is no network specification
     */
    public static NetworkSpec fromJson(final String json) {
        try {
            final NetworkSpec spec = new GsonBuilder().create().fromJson(json, NetworkSpec.class);
            if (spec != null) {
                return spec;
            }
        } catch (final JsonParseException e) {
            throw new IllegalArgumentException("No network specification: " + e.getMessage(), e);
        } catch (final RuntimeException e) {
            // gson reports what a record's constructor threw as the cause
            throw new IllegalArgumentException(
                "No network specification: " + (e.getCause() == null ? e : e.getCause()).getMessage(), e);
        }
        throw new IllegalArgumentException("No network specification: the text is empty.");
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }

    /** For messages: {@code UNET_3D, 4 classes, width 8, 3 levels, GROUP norm, patch 32×32×32}. */
    @Override
    public String toString() {
        return kind + ", " + classes + " classes, width " + baseWidth + ", " + levels + " levels, " + norm + " norm, patch "
            + patchSize;
    }
}
