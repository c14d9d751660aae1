package org.scanbridge.imaging.phantom;

/**
 * Ready-made sites for studies with {@link BrainPhantom}. The texture's standard deviation is given after smoothing;
 * 0.0225 is white noise of 0.03 smoothed over one voxel and multiplied by 5, as in the sites' first definition.
 */
public final class SiteProtocols {

    /** "Adult T1": CSF, GM, WM in the usual order, 1 mm slices. */
    public static final SiteProtocol A = SiteProtocol.builder("A").anatomy(Anatomy.ADULT).means(0.28, 0.52, 0.76)
        .meanJitter(0.015).textureSd(0.0225).blurSigma(0.6).biasAmplitude(0.20).snr(18).gain(1000).gainJitter(0.1)
        .build();

    /**
     * "Isointense infant": GM brighter than WM and little between them, another gain, 2 mm slices. No increasing
     * intensity map carries it onto {@link #A}.
     */
    public static final SiteProtocol B = SiteProtocol.builder("B").anatomy(Anatomy.INFANT).means(0.34, 0.56, 0.47)
        .meanJitter(0.015).textureSd(0.0225).blurSigma(0.7).sliceThickness(2).biasAmplitude(0.25).snr(18).gain(420)
        .gainJitter(0.1).build();

    /** "Same contrast, other scale": the control for which a z-score must suffice. */
    public static final SiteProtocol C = SiteProtocol.builder("C").anatomy(Anatomy.ADULT).means(0.30, 0.58, 0.74)
        .meanJitter(0.015).textureSd(0.0225).blurSigma(0.5).biasAmplitude(0.25).snr(20).gain(180).gainJitter(0.1)
        .build();

    private SiteProtocols() {
    }
}
