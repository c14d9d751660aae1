package org.scanbridge.imaging.phantom;

import java.util.List;

/**
 * Ready-made sites for studies with {@link BrainPhantom}. The texture's standard deviation is given after smoothing;
 * 0.0225 is white noise of 0.03 smoothed over one voxel and multiplied by 5, as the sites were first defined.
 */
public final class SiteProtocols {

    private static final double TEXTURE = 0.0225;

    private static final double MEAN_JITTER = 0.015;

    private static final double GAIN_JITTER = 0.1;

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

    private SiteProtocols() {
    }

    /** The sites of the default study: {@link #A} with labels, {@link #B} to adapt to. */
    public static List<SiteProtocol> defaultStudy() {
        return List.of(A, B);
    }
}
