package org.scanbridge.imaging.phantom;

/**
 * A tissue as nuclear magnetic resonance sees it, and what usual sequences make of it. Signals are relative to that of pure
 * water at full magnetization; magnitudes, as scanners show them. Perfect pulses, no motion, no blurring along an echo train.
 *
 * @param t1 longitudinal relaxation time in ms; positive
 * @param t2 transverse relaxation time in ms; positive
 * @param density water content relative to pure water, in (0, 1]
 */
public record SpinTissue(double t1, double t2, double density) {

    /** @throws IllegalArgumentException if a value is out of range */
    public SpinTissue {
        if (!(t1 > 0 && t2 > 0 && Double.isFinite(t1) && Double.isFinite(t2))) {
            throw new IllegalArgumentException("T1 " + t1 + " ms, T2 " + t2 + " ms: both must be positive and finite");
        }
        if (!(density > 0 && density <= 1)) {
            throw new IllegalArgumentException("water content " + density + ": above 0, at most 1");
        }
    }

    /**
     * Spin echo: ρ (1 − e^(−TR/T1)) e^(−TE/T2).
     *
     * @param repetition TR in ms
     * @param echo TE in ms
     */
    public double spinEcho(final double repetition, final double echo) {
        return density * (1 - StrictMath.exp(-repetition / t1)) * StrictMath.exp(-echo / t2);
    }

    /**
     * Inversion recovery with a spin echo, as FLAIR: ρ |1 − 2 e^(−TI/T1) + e^(−TR/T1)| e^(−TE/T2) (Hajnal et al., Journal of
     * Computer Assisted Tomography 16, 1992; the echo is short against TR).
     *
     * @param repetition TR in ms
     * @param echo TE in ms
     * @param inversion TI in ms
     */
    public double inversionRecovery(final double repetition, final double echo, final double inversion) {
        return density
            * Math.abs(1 - 2 * StrictMath.exp(-inversion / t1) + StrictMath.exp(-repetition / t1))
            * StrictMath.exp(-echo / t2);
    }

    /**
     * MPRAGE, with the center of k-space at the inversion time and without what the small pulses take away:
     * ρ |1 − 2 e^(−TI/T1) / (1 + e^(−TR/T1))| e^(−TE/T2).
     *
     * @param repetition TR between inversions in ms
     * @param echo TE in ms
     * @param inversion TI in ms
     */
    public double preparedGradientEcho(final double repetition, final double echo, final double inversion) {
        return density
            * Math.abs(1 - 2 * StrictMath.exp(-inversion / t1) / (1 + StrictMath.exp(-repetition / t1)))
            * StrictMath.exp(-echo / t2);
    }
}
