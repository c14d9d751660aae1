package org.scanbridge.learning.graph;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.Norm;

/**
 * Adaptation of images and of features together, "synergistic image and feature adaptation" (SIFA: Chen, Dou, Chen, Qin, Heng,
 * AAAI 2019; IEEE TMI 2020). A generator G makes images that look like the target's from patches x of the source, whose labels y
 * stay with them. The network that is adapted, encoder E and segmenter C, learns from these, and sees patches t of the target as
 * they are. A decoder U beside C makes images that look like the source's from the same encoder's features, so E also serves the
 * way back. The discriminators D_t (target images), D_s (source images) and D_p (segmentations) score regions, 1 for real;
 * D_s has a second, auxiliary head D_a that tells U(E(G(x))) from U(E(t)): both should look like the source's, so whatever tells them apart
 * shows from which site the features came. With E the mean over patches and voxels or regions, p the class probabilities C(E(·)), and
 *
 * <pre>
 * cycle = E |U(E(G(x))) - x| + E |G(U(E(t))) - t|                  look = E (D_s(U(E(t))) - 1)²
 *
 * G:     min  E (D_t(G(x)) - 1)² + λ cycle
 * U:     min  look + λ cycle
 * E, C:  min  Lseg(p(G(x)), y) + a (look + λ cycle) + b(p) E (D_p(p(t)) - 1)² + c E (D_a(U(E(t))) - 1)²
 * D_t:   min  ½ E (D_t(t) - 1)² + ½ E D_t(x')²                     x' from a pool of past G(x)
 * D_s:   min  ½ E (D_s(x) - 1)² + ½ E D_s(t')²                     t' from a pool of past U(E(t))
 *             + ½ E (D_a(U(E(G(x)))) - 1)² + ½ E D_a(t')²
 * D_p:   min  ½ E (D_p(p(G(x))) - 1)² + ½ E D_p(p(t))²
 * </pre>
 *
 * (least squares: Mao et al., ICCV 2017; the losses and who minimizes which are those of the authors' program). λ = 10, a = b = c = 0.1
 * there, b from 0 in the first epochs, the pools hold 50, Adam at 2e-4 with β₁ 0.5 for all but E and C, which have Adam at 1e-3.
 * The network is for the target: no patch of the source reaches it as it is.
 * <p>
 * Other than there: all but the discriminators move at once, then these; E and C are the encoder and the decoder of a U-Net, trained on
 * the source before, so features of all levels reach U; G is a small U-Net, not a ResNet with nine blocks, and G and U add to the
 * image they are given without a hyperbolic tangent behind it, so they begin as copies and take images on any scale; b rises as λ of
 * DANN; D_p sees probabilities; and the discriminator of the lower-level segmentation of 2020 is left out.
 * {@link #paper} has the authors' numbers, {@link #defaults} others for trainings of minutes, and says why.
 *
 * @param cycleWeight λ, in [0, 1000]; intensities count as they are given, in standard deviations where images are z-scored
 * @param encoderWeight a, in [0, 1000]
 * @param maskWeight b at the end, in [0, 1000]
 * @param auxiliaryWeight c, in [0, 1000]
 * @param generatorWidth channels of G's first level; 1 to 1024
 * @param generatorLevels levels of G; 1 to 6
 * @param discriminator architecture of all discriminators
 * @param pool patches that each pool holds, in [0, 10000]
 * @param generatorLearningRate of G and U, in (0, 1]
 * @param discriminatorLearningRate of the discriminators, in (0, 1]
 */
public record SynergisticTerm(double cycleWeight, double encoderWeight, double maskWeight, double auxiliaryWeight,
    int generatorWidth, int generatorLevels, PatchDiscriminatorSpec discriminator, int pool, double generatorLearningRate,
    double discriminatorLearningRate) implements AdaptationTerm {

    /** Name of E (D_p(p(t)) - 1)² in the curve. */
    public static final String MASKS = "Mask Loss";

    /** Name of E (D_a(U(E(t))) - 1)² in the curve. */
    public static final String FEATURES = "Feature Loss";

    /** Name of the loss of D_p in the curve. */
    public static final String MASK_DISCRIMINATOR = "Mask Discriminator Loss";

    private static final double GAMMA = 10;

    /** @throws IllegalArgumentException if a component is outside the range given above */
    public SynergisticTerm {
        Objects.requireNonNull(discriminator, "discriminator");
        AdaptationTerm.check("Cycle weight", cycleWeight, 0, 1000);
        AdaptationTerm.check("Weight of the images", encoderWeight, 0, 1000);
        AdaptationTerm.check("Weight of the segmentations", maskWeight, 0, 1000);
        AdaptationTerm.check("Weight of the features", auxiliaryWeight, 0, 1000);
        AdaptationTerm.check("Width of the generator", generatorWidth, 1, 1024);
        AdaptationTerm.check("Levels of the generator", generatorLevels, 1, 6);
        AdaptationTerm.check("Replayed patches", pool, 0, 10_000);
        AdaptationTerm.check("Learning rate of the generators", generatorLearningRate, Double.MIN_VALUE, 1);
        AdaptationTerm.check("Learning rate of the discriminators", discriminatorLearningRate, Double.MIN_VALUE, 1);
    }

    /** The authors' numbers; their generator has three levels of width 32. */
    public static SynergisticTerm paper() {
        return new SynergisticTerm(10, 0.1, 0.1, 0.1, 32, 3, new PatchDiscriminatorSpec(64, 3, true), 50, 2e-4, 2e-4);
    }

    /**
     * For trainings of minutes that begin with copying generators. As in {@code ImageTranslationOptions.defaults}, and for its reasons:
     * learning rates of 1e-3 and 5e-4, a discriminator of width 16 whose scores see 34 voxels, and a cycle weight of 1, because with 10
     * copies stay copies: on phantoms (seed 7) 10 closed 0.47 of the gap, 1 closed 0.68. A generator of width 8 with two levels, which
     * closed 0.76; unlike there it may change structures a little, for the adversary of the segmentations holds against it.
     */
    public static SynergisticTerm defaults() {
        return new SynergisticTerm(1, 0.1, 0.1, 0.1, 8, 2, new PatchDiscriminatorSpec(16, 2, true), 50, 1e-3, 5e-4);
    }

    /** The same with other weights of the parts. */
    public SynergisticTerm withWeights(final double cycle, final double encoder, final double mask, final double auxiliary) {
        return new SynergisticTerm(cycle, encoder, mask, auxiliary, generatorWidth, generatorLevels, discriminator, pool,
            generatorLearningRate, discriminatorLearningRate);
    }

    /** The same with another generator. */
    public SynergisticTerm withGenerator(final int width, final int levels) {
        return new SynergisticTerm(cycleWeight, encoderWeight, maskWeight, auxiliaryWeight, width, levels, discriminator, pool,
            generatorLearningRate, discriminatorLearningRate);
    }

    /** The same with other discriminators. */
    public SynergisticTerm withDiscriminator(final PatchDiscriminatorSpec value) {
        return new SynergisticTerm(cycleWeight, encoderWeight, maskWeight, auxiliaryWeight, generatorWidth, generatorLevels, value,
            pool, generatorLearningRate, discriminatorLearningRate);
    }

    /** The same with other pools. */
    public SynergisticTerm withPool(final int value) {
        return new SynergisticTerm(cycleWeight, encoderWeight, maskWeight, auxiliaryWeight, generatorWidth, generatorLevels,
            discriminator, value, generatorLearningRate, discriminatorLearningRate);
    }

    /** The same with other learning rates. */
    public SynergisticTerm withLearningRates(final double generators, final double discriminators) {
        return new SynergisticTerm(cycleWeight, encoderWeight, maskWeight, auxiliaryWeight, generatorWidth, generatorLevels,
            discriminator, pool, generators, discriminators);
    }

    /**
     * The architecture of G beside a network.
     *
     * @throws IllegalArgumentException if it has more levels than the network's patches can be halved
     */
    public NetworkSpec generator(final NetworkSpec network) {
        return new NetworkSpec(network.kind(), network.inputChannels(), network.inputChannels(), generatorWidth, generatorLevels,
            Norm.INSTANCE, network.patchSize(), NetworkOutput.RESIDUAL);
    }

    /** The architecture whose decoder is U: as the network, with norms that do not mix the two sites' patches. */
    public static NetworkSpec decoder(final NetworkSpec network) {
        return new NetworkSpec(network.kind(), network.inputChannels(), network.inputChannels(), network.baseWidth(),
            network.levels(), network.norm() == Norm.BATCH ? Norm.GROUP : network.norm(), network.patchSize(), NetworkOutput.RESIDUAL);
    }

    /**
     * Whether this is possible with a network.
     *
     * @throws IllegalArgumentException if not, in the words of the dialog
     */
    public void check(final NetworkSpec network) {
        if (!network.kind().isUNet() || network.domains() > 1) {
            throw new IllegalArgumentException("SIFA makes images of the features of a U-Net with one set of norms, but the network"
                + " is " + network + (network.domains() > 1 ? " with " + network.domains() + " sets" : "")
                + ". Take such a network, or another method.");
        }
        final int least = discriminator.minPatch();
        final boolean small = network.patchSize().i() < least || network.patchSize().j() < least
            || network.kind() != Kind.UNET_2D && network.patchSize().k() < least;
        if (small) {
            throw new IllegalArgumentException("The patches of the network are " + network.patchSize()
                + ", but the discriminators of SIFA need " + least + " voxels or more along each axis. Train a network with larger"
                + " patches, or choose another method.");
        }
        final int multiple = 1 << generatorLevels - 1;
        final boolean halved = network.patchSize().i() % multiple == 0 && network.patchSize().j() % multiple == 0
            && (network.kind() == Kind.UNET_2D || network.patchSize().k() % multiple == 0);
        if (!halved) {
            throw new IllegalArgumentException("\"Levels of the generator\" is " + generatorLevels + ", for which the patches of the"
                + " network have to be multiples of " + multiple + ", but they are " + network.patchSize()
                + ". Choose fewer levels, or train a network with such patches.");
        }
    }

    @Override
    public String title() {
        return "SIFA";
    }

    /** b, the weight of the adversary of the segmentations. */
    @Override
    public double weight(final double progress) {
        return maskWeight * AdaptationTerm.rise(GAMMA, progress);
    }

    @Override
    public List<String> metrics() {
        return List.of(TranslationGraph.ADVERSARIAL, TranslationGraph.CYCLE, MASKS, FEATURES,
            TranslationGraph.SOURCE_DISCRIMINATOR, TranslationGraph.TARGET_DISCRIMINATOR, MASK_DISCRIMINATOR);
    }

    @Override
    public Map<String, String> asMap() {
        return new TreeMap<>(Map.of("cycleWeight", "" + cycleWeight, "encoderWeight", "" + encoderWeight, "maskWeight",
            "" + maskWeight, "auxiliaryWeight", "" + auxiliaryWeight, "generatorWidth", "" + generatorWidth, "generatorLevels",
            "" + generatorLevels, "discriminator", discriminator.toString(), "pool", "" + pool, "generatorLearningRate",
            "" + generatorLearningRate, "discriminatorLearningRate", "" + discriminatorLearningRate));
    }
}
