package org.scanbridge.imaging.phantom;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Ready-made sites for studies with {@link BrainPhantom}. The texture's standard deviation is given after smoothing;
 * 0.0225 is white noise of 0.03 smoothed over one voxel and multiplied by 5, as the sites were first defined.
 */
public final class SiteProtocols {

    private static final double TEXTURE = 0.0225;

    private static final double MEAN_JITTER = 0.015;

    private static final double GAIN_JITTER = 0.1;

    /** At 1.5 T; typical values. */
    private static final SpinTissue FLUID = new SpinTissue(4000, 1800, 1);

    /** At 1.5 T: T1 and T2 of Stanisz et al. (Magnetic Resonance in Medicine 54, 2005); the water content is a typical one. */
    private static final SpinTissue GRAY = new SpinTissue(1124, 95, 0.82);

    /** As {@link #GRAY}. */
    private static final SpinTissue WHITE = new SpinTissue(884, 72, 0.7);

    /** Lesions of white matter hold more water, and relax more slowly; typical values. */
    private static final SpinTissue DAMAGED = new SpinTissue(1250, 140, 0.8);

    /** The signal of the brightest tissue. */
    private static final double BRIGHTEST = 0.9;

    /** "Adult T1": a good 1 mm scan with CSF, GM, WM in the usual order. */
    public static final SiteProtocol A = SiteProtocol.builder("A").anatomy(Anatomy.ADULT).means(0.28, 0.52, 0.76)
        .meanJitter(MEAN_JITTER).textureSd(TEXTURE).blurSigma(0.6).biasAmplitude(0.20).snr(18).gain(1000)
        .gainJitter(GAIN_JITTER).build();

    /**
     * "Low field": the same people and the same tissue order as {@link #A}, but an SNR of 3, thick slices, more blur,
     * less contrast, another gain. A z-score aligns mean and spread and still leaves a network trained on A with about
     * two thirds of its Dice: what differs is the noise and the resolution.
     */
    public static final SiteProtocol B = SiteProtocol.builder("B").anatomy(Anatomy.ADULT).means(0.36, 0.56, 0.72)
        .meanJitter(MEAN_JITTER).textureSd(TEXTURE).blurSigma(0.8).sliceThickness(2).biasAmplitude(0.25).snr(3)
        .gain(420).gainJitter(GAIN_JITTER).build();

    /** "Same contrast, other scale" as {@link #A}: the control for which a z-score must suffice. */
    public static final SiteProtocol C = SiteProtocol.builder("C").anatomy(Anatomy.ADULT).means(0.30, 0.58, 0.74)
        .meanJitter(MEAN_JITTER).textureSd(TEXTURE).blurSigma(0.5).biasAmplitude(0.25).snr(20).gain(180)
        .gainJitter(GAIN_JITTER).build();

    /**
     * "Isointense infant", site I: GM brighter than WM and little between them, other anatomy, 2 mm slices. No
     * increasing intensity map carries it onto {@link #A}; the hardest shift here.
     */
    public static final SiteProtocol INFANT = SiteProtocol.builder("I").anatomy(Anatomy.INFANT)
        .means(0.34, 0.56, 0.47).meanJitter(MEAN_JITTER).textureSd(TEXTURE).blurSigma(0.7).sliceThickness(2)
        .biasAmplitude(0.25).snr(18).gain(420).gainJitter(GAIN_JITTER).build();

    /**
     * "Adult T2", site D: the same people as at {@link #A} and as sharp, with the order of tissues inverted: CSF bright, WM
     * dark, and air dark as before, so that no monotone intensity map carries it onto {@link #A}.
     */
    public static final SiteProtocol D = SiteProtocol.builder("D").anatomy(Anatomy.ADULT).means(0.90, 0.58, 0.36)
        .meanJitter(MEAN_JITTER).textureSd(TEXTURE).blurSigma(0.6).biasAmplitude(0.25).snr(18).gain(420)
        .gainJitter(GAIN_JITTER).build();

    /**
     * "Lesion source": FLAIR-like, CSF dark, 5 mm slices, and white-matter lesions little brighter than gray matter.
     */
    public static final SiteProtocol LESION_SOURCE = SiteProtocol.builder("S").anatomy(Anatomy.ADULT)
        .means(0.15, 0.58, 0.48).lesion(0.70).meanJitter(MEAN_JITTER).textureSd(TEXTURE).blurSigma(0.6)
        .sliceThickness(5).biasAmplitude(0.20).snr(20).gain(1000).gainJitter(GAIN_JITTER).build();

    /**
     * "Lesion target": the same people and disease as at {@link #LESION_SOURCE}, but 3 mm slices, another contrast of
     * tissues, lesions that stand out more, and another gain.
     */
    public static final SiteProtocol LESION_TARGET = SiteProtocol.builder("T").anatomy(Anatomy.ADULT)
        .means(0.30, 0.66, 0.46).lesion(0.92).meanJitter(MEAN_JITTER).textureSd(TEXTURE).blurSigma(0.6)
        .sliceThickness(3).biasAmplitude(0.25).snr(20).gain(420).gainJitter(GAIN_JITTER).build();

    /**
     * "T1-like" partner of the scans at {@link #LESION_SOURCE}, on the same grid and with the same slices: tissues in the
     * order of {@link #A}, lesions darker than white matter and near gray matter, so that it tells tissues apart where
     * FLAIR tells lesions.
     */
    public static final SiteProtocol LESION_SOURCE_T1 =
        LESION_SOURCE.toBuilder().means(0.28, 0.52, 0.76).lesion(0.60).gain(800).build();

    /** As {@link #LESION_SOURCE_T1} for {@link #LESION_TARGET}, with the tissue contrast of {@link #C}. */
    public static final SiteProtocol LESION_TARGET_T1 =
        LESION_TARGET.toBuilder().means(0.30, 0.58, 0.74).lesion(0.62).gain(300).build();

    /**
     * "Lesion source by physics": 3 mm slices of a FLAIR that suppresses the fluid, TR/TE/TI = 9000/84/2200 ms at 1.5 T; lesions
     * are the brightest, then gray and white matter.
     */
    public static final SiteProtocol FLAIR_SOURCE = lesions("P", 0.20, 1000,
        tissue -> tissue.inversionRecovery(9000, 84, 2200));

    /** MPRAGE beside {@link #FLAIR_SOURCE}, TR/TE/TI = 2250/3.68/850 ms: white matter bright, lesions below gray matter. */
    public static final SiteProtocol FLAIR_SOURCE_T1 = lesions("P", 0.20, 800,
        tissue -> tissue.preparedGradientEcho(2250, 3.68, 850));

    /**
     * "Lesion target by physics": the same people, slices and field, but an inversion time of 1500 ms, too short to suppress the
     * fluid: it is now the brightest, and lesions lie between it and gray matter. What a network at {@link #FLAIR_SOURCE} has
     * learned to take for lesions is fluid here.
     */
    public static final SiteProtocol FLAIR_TARGET = lesions("Q", 0.25, 420,
        tissue -> tissue.inversionRecovery(9000, 84, 1500));

    /** T1-weighted spin echo beside {@link #FLAIR_TARGET}, TR/TE = 500/14 ms: the order of MPRAGE, with less contrast. */
    public static final SiteProtocol FLAIR_TARGET_T1 = lesions("Q", 0.25, 300, tissue -> tissue.spinEcho(500, 14));

    private SiteProtocols() {
    }

    /** A site of people with lesions whose tissues have the signals that a sequence gives them, up to a factor. */
    private static SiteProtocol lesions(final String site, final double bias, final double gain,
        final ToDoubleFunction<SpinTissue> sequence) {
        final double scale = BRIGHTEST
            / Stream.of(FLUID, GRAY, WHITE, DAMAGED).mapToDouble(sequence).max().getAsDouble();
        return SiteProtocol.builder(site).anatomy(Anatomy.ADULT)
            .means(scale * sequence.applyAsDouble(FLUID), scale * sequence.applyAsDouble(GRAY),
                scale * sequence.applyAsDouble(WHITE))
            .lesion(scale * sequence.applyAsDouble(DAMAGED)).meanJitter(MEAN_JITTER).textureSd(TEXTURE).blurSigma(0.6)
            .sliceThickness(3).biasAmplitude(bias).snr(20).gain(gain).gainJitter(GAIN_JITTER).build();
    }

    /** The sites of the default study: {@link #A} with labels, {@link #B} to adapt to. */
    public static List<SiteProtocol> defaultStudy() {
        return List.of(A, B);
    }
}
