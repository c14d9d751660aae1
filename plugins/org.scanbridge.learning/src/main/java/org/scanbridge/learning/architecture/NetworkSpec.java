package org.scanbridge.learning.architecture;

import java.util.List;
import java.util.Objects;

import org.scanbridge.learning.LearningException;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.JsonAdapter;

/**
 * An architecture as data. The network maps an image block of {@code inputChannels} to one logit per class, or per region,
 * and voxel of the same block; some networks look at a {@link #margin()} around the block.
 *
 * @param kind family of networks
 * @param inputChannels channels of the input image; 1 to 1024
 * @param classes number of classes, background (0) included; 2 to 256. As many as input channels if the output is an
 *            image
 * @param baseWidth channels at full resolution; each level below has twice as many; at least 1
 * @param levels number of resolutions, so {@code levels - 1} poolings by 2; 1 to 6; 1 for networks that are no U-Nets
 * @param norm normalization behind each convolution; networks that are no U-Nets need {@link Norm#BATCH}
 * @param patchSize block size in training; each pooled axis a multiple of {@link #divisor()}
 * @param output what becomes of the last convolution's values; {@code null} for class probabilities
 * @param deepSupervision whether a U-Net also learns to segment at its coarser levels (Lee et al., AISTATS 2015); needs 3
 *            levels or more
 * @param domains how many sets of norm parameters a U-Net with batch normalization has, one per site (Chang et al., CVPR
 *            2019); 1 to 64; 0 counts as 1
 * @param regions unions of classes that the network gives probabilities of instead of the classes', in the order of its
 *            outputs; not empty if and only if the output is {@link NetworkOutput#REGIONS}. They must tell all classes
 *            apart, see {@link NetworkRegions#check}
 * @param foreign of a network of other software, whose architecture is not known: kind, width, levels and norm say nothing
 *            of it; {@code null} for ours
 */
public record NetworkSpec(Kind kind, int inputChannels, int classes, int baseWidth, int levels, Norm norm,
    PatchSize patchSize, NetworkOutput output, boolean deepSupervision, int domains,
    @JsonAdapter(OmittedIfEmpty.class) List<NetworkRegion> regions, ForeignTraits foreign) {

    /**
     * The class number of voxels that are not annotated, in labels to learn from. No network has so many classes that learns
     * from labels with it.
     */
    public static final int UNANNOTATED = 255;

    /** Families of networks. */
    public enum Kind {
        /** U-Net with 3×3×3 convolutions (Çiçek et al., MICCAI 2016). */
        UNET_3D,
        /** U-Net with 3×3 convolutions on single slices (Ronneberger et al., MICCAI 2015), as convolutions of depth 1. */
        UNET_2D,
        /** The 15-layer network on slices of Ghafoorian et al. (MICCAI 2017); see {@link PatchCnnPlan}. */
        PATCH_CNN,
        /** Two pathways at two resolutions after DeepMedic (Kamnitsas et al., MedIA 2017); see {@link DeepMedicPlan}. */
        DEEP_MEDIC;

        /** Whether it looks at single slices. */
        public boolean flat() {
            return this == UNET_2D || this == PATCH_CNN;
        }

        /** Whether it is a U-Net. */
        public boolean isUNet() {
            return this == UNET_2D || this == UNET_3D;
        }
    }

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public NetworkSpec {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(norm, "norm");
        Objects.requireNonNull(patchSize, "patchSize");
        // networks that were stored before there were generators do not say it
        output = output == null ? NetworkOutput.PROBABILITIES : output;
        domains = Math.max(1, domains);
        // and before there were regions
        regions = regions == null ? List.of() : List.copyOf(regions);
        check(inputChannels >= 1 && inputChannels <= 1024, "Input channels " + inputChannels + ": 1 to 1024.");
        check((long)patchSize.voxels() * inputChannels <= Integer.MAX_VALUE, "Patch size " + patchSize + " with " + inputChannels
            + " input channels: at most 2^31 − 1 numbers together.");
        if (output.image()) {
            check(classes == inputChannels,
                "Output channels " + classes + ": a generator makes as many as it takes, " + inputChannels + ".");
        } else {
            check(classes >= 2 && classes <= 256, "Number of classes " + classes + ": 2 to 256, background included.");
        }
        check(regions.isEmpty() == (output != NetworkOutput.REGIONS),
            "Output " + output + " with " + regions.size() + " regions: a network of regions has one or more, others none.");
        if (!regions.isEmpty()) {
            NetworkRegions.check(regions, classes, c -> "class " + c);
        }
        check(baseWidth >= 1 && baseWidth <= 1024, "Base width " + baseWidth + ": 1 to 1024.");
        check(levels >= 1 && levels <= 6, "Levels " + levels + ": 1 to 6.");
        if (!kind.isUNet()) {
            check(levels == 1, "Levels " + levels + ": a network of kind " + kind + " has 1.");
            check(norm == Norm.BATCH, norm + " normalization: a network of kind " + kind + " has batch normalization.");
            check(!output.image(), "A network of kind " + kind + " makes no images.");
        }
        if (kind == Kind.DEEP_MEDIC) {
            final int f = DeepMedicPlan.FACTOR;
            check(patchSize.i() % f == 0 && patchSize.j() % f == 0 && patchSize.k() % f == 0,
                "Patch size " + patchSize + ": must be a multiple of " + f + " for two pathways.");
        }
        check(!deepSupervision || kind.isUNet() && levels >= 3 && !output.image(),
            "Deep supervision needs a segmenting U-Net with at least 3 levels, not " + levels + ".");
        check(domains == 1 || kind.isUNet() && norm == Norm.BATCH && domains <= 64,
            domains + " sets of norm parameters: only U-Nets with batch normalization can have several, at most 64.");
        final int d = 1 << levels - 1;
        check(patchSize.i() % d == 0 && patchSize.j() % d == 0, "Patch size " + patchSize + ": i and j must be multiples of "
            + d + " for " + levels + " levels.");
        if (kind.flat()) {
            check(patchSize.k() == 1, "Patch size " + patchSize + ": a 2-D network needs 1 along k.");
        } else {
            check(patchSize.k() % d == 0,
                "Patch size " + patchSize + ": k must be a multiple of " + d + " for " + levels + " levels.");
        }
    }

    /** Of an architecture of ours. */
    public NetworkSpec(final Kind kind, final int inputChannels, final int classes, final int baseWidth, final int levels,
        final Norm norm, final PatchSize patchSize, final NetworkOutput output, final boolean deepSupervision,
        final int domains, final List<NetworkRegion> regions) {
        this(kind, inputChannels, classes, baseWidth, levels, norm, patchSize, output, deepSupervision, domains, regions, null);
    }

    /**
     * A network of other software.
     *
     * @param format of its files
     * @param inputChannels channels of the input image
     * @param classes number of classes, background included
     * @param regions what its outputs stand for; empty if they stand for the classes
     * @param patchSize size of the blocks that it is shown
     * @param margin what it needs around them
     */
    public static NetworkSpec foreign(final ForeignTraits.Format format, final int inputChannels, final int classes,
        final List<NetworkRegion> regions, final PatchSize patchSize, final Margin margin) {
        return new NetworkSpec(Kind.UNET_3D, inputChannels, classes, 1, 1, Norm.BATCH, patchSize,
            regions.isEmpty() ? NetworkOutput.PROBABILITIES : NetworkOutput.REGIONS, false, 1, regions,
            new ForeignTraits(format, margin));
    }

    /** Whether it is a network of other software: of such a network nothing is known but what goes in and comes out. */
    public boolean isForeign() {
        return foreign != null;
    }

    /**
     * Whether it can be trained.
     *
     * @throws LearningException if it comes from other software; the message is meant for the user
     */
    public void requireTrainable() {
        if (isForeign()) {
            throw new LearningException("This network comes from " + foreign.format().words() + " and can be used, not trained."
                + " Use it in the Segmentation Predictor, or train one of the Network Builder.");
        }
    }

    /** A segmentation network: the output are class probabilities. */
    public NetworkSpec(final Kind kind, final int inputChannels, final int classes, final int baseWidth, final int levels,
        final Norm norm, final PatchSize patchSize) {
        this(kind, inputChannels, classes, baseWidth, levels, norm, patchSize, NetworkOutput.PROBABILITIES);
    }

    /** Without deep supervision, with one set of norm parameters. */
    public NetworkSpec(final Kind kind, final int inputChannels, final int classes, final int baseWidth, final int levels,
        final Norm norm, final PatchSize patchSize, final NetworkOutput output) {
        this(kind, inputChannels, classes, baseWidth, levels, norm, patchSize, output, false, 1, List.of());
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
        return kind.flat() ? 1 : divisor();
    }

    /** What the size of an input block must be a multiple of along each axis, whatever the network was trained on. */
    public PatchSize sizeMultiple() {
        return kind == Kind.DEEP_MEDIC ? PatchSize.cube(DeepMedicPlan.FACTOR)
            : new PatchSize(divisor(), divisor(), divisorK());
    }

    /** The same architecture with another patch size. */
    public NetworkSpec withPatchSize(final PatchSize size) {
        return new NetworkSpec(kind, inputChannels, classes, baseWidth, levels, norm, size, output, deepSupervision,
            domains, regions, foreign);
    }

    /** The same architecture with or without deep supervision. */
    public NetworkSpec withDeepSupervision(final boolean value) {
        return new NetworkSpec(kind, inputChannels, classes, baseWidth, levels, norm, patchSize, output, value, domains,
            regions, foreign);
    }

    /** The same architecture with another number of sets of norm parameters. */
    public NetworkSpec withDomains(final int value) {
        return new NetworkSpec(kind, inputChannels, classes, baseWidth, levels, norm, patchSize, output, deepSupervision,
            value, regions, foreign);
    }

    /** The same architecture that segments regions, or classes if there are none. */
    public NetworkSpec withRegions(final List<NetworkRegion> value) {
        return new NetworkSpec(kind, inputChannels, classes, baseWidth, levels, norm, patchSize,
            value.isEmpty() ? NetworkOutput.PROBABILITIES : NetworkOutput.REGIONS, deepSupervision, domains, value, foreign);
    }

    /** How many numbers the network gives per voxel: one per region if it has some, else one per class. */
    public int outputs() {
        return regions.isEmpty() ? classes : regions.size();
    }

    /** What the network sees around a block. */
    public Margin margin() {
        if (isForeign()) {
            return foreign.margin();
        }
        return switch (kind) {
            case UNET_2D, UNET_3D -> Margin.NONE;
            case PATCH_CNN -> PatchCnnPlan.MARGIN;
            case DEEP_MEDIC -> DeepMedicPlan.MARGIN;
        };
    }

    /** Size of the blocks that the network is fed with: the patch and its margin. */
    public PatchSize inputSize() {
        return margin().around(patchSize);
    }

    /** How many numbers one block for the network has: its voxels times channels. */
    public int inputLength() {
        return Math.multiplyExact(inputSize().voxels(), inputChannels);
    }

    /** The same architecture with another number of input channels, for networks that segment. */
    public NetworkSpec withInputChannels(final int value) {
        return new NetworkSpec(kind, value, classes, baseWidth, levels, norm, patchSize, output, deepSupervision, domains,
            regions, foreign);
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

    /**
     * For messages: {@code UNET_3D, 4 classes, width 8, 3 levels, GROUP norm, patch 32×32×32}; with the number of input
     * channels if there are several.
     */
    @Override
    public String toString() {
        final String channels = inputChannels == 1 ? "" : ", " + inputChannels + " input channels";
        final String parts = regions.isEmpty() ? ""
            : " in regions " + String.join(", ", regions.stream().map(NetworkRegion::name).toList());
        if (isForeign()) {
            return "network of other software (" + foreign.format() + ")" + channels + ", " + classes
                + " classes" + parts + ", patch " + patchSize;
        }
        return kind + channels + ", " + classes + " classes" + parts + ", width " + baseWidth + ", " + levels + " levels, " + norm
            + " norm, patch " + patchSize;
    }
}
