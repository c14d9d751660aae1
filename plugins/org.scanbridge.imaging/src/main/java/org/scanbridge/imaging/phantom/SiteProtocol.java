package org.scanbridge.imaging.phantom;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * How one site's scanner turns tissue into intensities, as a chain of effects in this order: tissue means with a
 * per-scan jitter and a smooth texture, contrast curve, blur, thick slices, bias field, ghost, Rician noise, gain. See
 * {@link ScannerSimulator} for the equations. Make one with {@link #builder(String)}; the defaults are the effect-free
 * values.
 *
 * @param site the site's name; not blank
 * @param anatomy who is scanned there
 * @param csf mean signal of cerebrospinal fluid before the gain, in [0, 1]; likewise {@code gm} and {@code wm}
 * @param gm see {@code csf}
 * @param wm see {@code csf}
 * @param meanJitter standard deviation of each tissue mean from scan to scan; at least 0
 * @param textureSd standard deviation of the tissue's texture (Gaussian, correlated over 1 voxel), at least 0
 * @param contrastGamma exponent of the contrast curve {@code m·(x/m)^gamma} with m the largest tissue mean; positive, 1
 *            for none
 * @param blurSigma standard deviation of the point spread in voxels, at least 0
 * @param sliceThickness thickness in whole voxels along k that are averaged and interpolated back; 1 for none
 * @param biasAmplitude largest |log| of the bias field exp(quadratic polynomial); at least 0
 * @param ghostAmplitude strength of an N/2 ghost along j, relative to the image, in [0, 1)
 * @param snr largest tissue mean over the noise's standard deviation; positive, infinite for a noise-free scan
 * @param gain what the signal is multiplied by; positive
 * @param gainJitter relative standard deviation of the gain from scan to scan, in [0, 0.25)
 * @param lesion mean signal of white-matter lesions, in [0, 1]; empty if the site's subjects have none. With it, what is
 *            to be segmented are the lesions, not the tissues.
 */
public record SiteProtocol(String site, Anatomy anatomy, double csf, double gm, double wm, double meanJitter,
    double textureSd, double contrastGamma, double blurSigma, int sliceThickness, double biasAmplitude,
    double ghostAmplitude, double snr, double gain, double gainJitter, OptionalDouble lesion) {

    /** @throws IllegalArgumentException if a value is outside its range */
    public SiteProtocol {
        if (site.isBlank()) {
            throw new IllegalArgumentException("a site protocol needs a site name");
        }
        Objects.requireNonNull(anatomy, "anatomy");
        requireRange(site, "mean of CSF", csf, 0, 1);
        requireRange(site, "mean of GM", gm, 0, 1);
        requireRange(site, "mean of WM", wm, 0, 1);
        if (Math.max(csf, Math.max(gm, wm)) == 0) {
            throw new IllegalArgumentException("site " + site + ": at least one tissue needs a mean above 0");
        }
        requireRange(site, "mean jitter", meanJitter, 0, 1);
        requireRange(site, "texture sd", textureSd, 0, 1);
        requireRange(site, "contrast gamma", contrastGamma, 0.1, 10);
        requireRange(site, "blur sigma", blurSigma, 0, 10);
        requireRange(site, "slice thickness", sliceThickness, 1, 16);
        requireRange(site, "bias amplitude", biasAmplitude, 0, 3);
        requireRange(site, "ghost amplitude", ghostAmplitude, 0, 0.99);
        requireRange(site, "gain jitter", gainJitter, 0, 0.249);
        requireRange(site, "mean of lesions", lesion.orElse(0), 0, 1);
        if (!(snr > 0)) {
            throw new IllegalArgumentException("site " + site + ": SNR " + snr + " must be positive");
        }
        if (!(gain > 0) || Double.isInfinite(gain)) {
            throw new IllegalArgumentException("site " + site + ": gain " + gain + " must be positive and finite");
        }
    }

    private static void requireRange(final String site, final String what, final double value, final double min,
        final double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(
                "site " + site + ": " + what + " " + value + " is outside [" + min + ", " + max + "]");
        }
    }

    /** The largest of the three tissue means. */
    public double maxMean() {
        return Math.max(csf, Math.max(gm, wm));
    }

    /** The mean of a label value of {@link BrainPhantom} or {@link WhiteMatterLesions}; 0 for the background. */
    double mean(final int label) {
        return switch (label) {
            case BrainPhantom.CSF -> csf;
            case BrainPhantom.GM -> gm;
            case BrainPhantom.WM -> wm;
            case WhiteMatterLesions.LESION -> lesion.orElse(wm);
            default -> 0;
        };
    }

    /** A builder with an adult's anatomy, means 0.28, 0.52, 0.76 and no other effect. */
    public static Builder builder(final String site) {
        return new Builder(site);
    }

    /** A builder that starts with this protocol's values. */
    public Builder toBuilder() {
        final Builder builder = new Builder(site).anatomy(anatomy).means(csf, gm, wm).meanJitter(meanJitter)
            .textureSd(textureSd).contrastGamma(contrastGamma).blurSigma(blurSigma).sliceThickness(sliceThickness)
            .biasAmplitude(biasAmplitude).ghostAmplitude(ghostAmplitude).snr(snr).gain(gain).gainJitter(gainJitter);
        lesion.ifPresent(builder::lesion);
        return builder;
    }

    /** Collects the values of a {@link SiteProtocol}; each is checked by {@link #build()}. */
    public static final class Builder {

        private String m_site;

        private Anatomy m_anatomy = Anatomy.ADULT;

        private double m_csf = 0.28;

        private double m_gm = 0.52;

        private double m_wm = 0.76;

        private double m_meanJitter;

        private double m_textureSd;

        private double m_contrastGamma = 1;

        private double m_blurSigma;

        private int m_sliceThickness = 1;

        private double m_biasAmplitude;

        private double m_ghostAmplitude;

        private double m_snr = Double.POSITIVE_INFINITY;

        private double m_gain = 1;

        private double m_gainJitter;

        private OptionalDouble m_lesion = OptionalDouble.empty();

        private Builder(final String site) {
            m_site = Objects.requireNonNull(site, "site");
        }

        /** Sets the site's name. */
        public Builder site(final String site) {
            m_site = Objects.requireNonNull(site, "site");
            return this;
        }

        /** Sets who is scanned. */
        public Builder anatomy(final Anatomy anatomy) {
            m_anatomy = anatomy;
            return this;
        }

        /** Sets the mean signals of CSF, GM and WM. */
        public Builder means(final double csf, final double gm, final double wm) {
            m_csf = csf;
            m_gm = gm;
            m_wm = wm;
            return this;
        }

        /** Sets the scan-to-scan standard deviation of the tissue means. */
        public Builder meanJitter(final double sd) {
            m_meanJitter = sd;
            return this;
        }

        /** Sets the texture's standard deviation. */
        public Builder textureSd(final double sd) {
            m_textureSd = sd;
            return this;
        }

        /** Sets the exponent of the contrast curve. */
        public Builder contrastGamma(final double gamma) {
            m_contrastGamma = gamma;
            return this;
        }

        /** Sets the standard deviation of the point spread in voxels. */
        public Builder blurSigma(final double sigma) {
            m_blurSigma = sigma;
            return this;
        }

        /** Sets the slice thickness in whole voxels along k. */
        public Builder sliceThickness(final int voxels) {
            m_sliceThickness = voxels;
            return this;
        }

        /** Sets the largest |log| of the bias field. */
        public Builder biasAmplitude(final double amplitude) {
            m_biasAmplitude = amplitude;
            return this;
        }

        /** Sets the strength of the N/2 ghost. */
        public Builder ghostAmplitude(final double amplitude) {
            m_ghostAmplitude = amplitude;
            return this;
        }

        /** Sets the signal-to-noise ratio. */
        public Builder snr(final double snr) {
            m_snr = snr;
            return this;
        }

        /** Sets the gain. */
        public Builder gain(final double gain) {
            m_gain = gain;
            return this;
        }

        /** Sets the relative scan-to-scan standard deviation of the gain. */
        public Builder gainJitter(final double sd) {
            m_gainJitter = sd;
            return this;
        }

        /** Gives the site's subjects white-matter lesions with this mean signal. */
        public Builder lesion(final double mean) {
            m_lesion = OptionalDouble.of(mean);
            return this;
        }

        /** @throws IllegalArgumentException if a value is outside its range */
        public SiteProtocol build() {
            return new SiteProtocol(m_site, m_anatomy, m_csf, m_gm, m_wm, m_meanJitter, m_textureSd, m_contrastGamma,
                m_blurSigma, m_sliceThickness, m_biasAmplitude, m_ghostAmplitude, m_snr, m_gain, m_gainJitter,
                m_lesion);
        }
    }
}
