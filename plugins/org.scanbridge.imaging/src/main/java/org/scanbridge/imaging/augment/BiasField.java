package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.filter.ExponentialRow;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;

/**
 * Multiplies the signal by exp of a polynomial of order 3 in the coordinates, each from -1 to 1 over the grid, without
 * a constant term: d + (x - d)·exp(Σ c·xᵃyᵇzᶜ), d the intensity of no signal as in {@link RicianNoise} (Van Leemput et
 * al., IEEE TMI 18, 1999).
 *
 * @param coefficient what each of the 19 coefficients is drawn from
 */
public record BiasField(Range coefficient) implements Augmentation {

    /** -0.3 to 0.3. */
    public static final BiasField DEFAULT = new BiasField(Range.symmetric(0.3));

    private static final String BOUND = "bias field (bound of |log|)";

    private static final int ORDER = 3;

    private static final int TERMS = 19;

    @Override
    public List<String> parameterNames() {
        return List.of(BOUND);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double[] c = new double[TERMS];
        for (int t = 0; t < TERMS; t++) {
            c[t] = coefficient.draw(random);
        }
        // The polynomial's bound over the cube; its true maximum depends on the grid.
        double bound = 0;
        for (final double x : c) {
            bound += Math.abs(x);
        }
        return IntensityChange.of(Map.of(BOUND, bound), (image, target) -> {
            final Geometry g = image.geometry();
            final ForegroundIntensities fg = new ForegroundIntensities(image);
            final double dark = fg.dark();
            final double step = g.size(0) == 1 ? 0 : 2.0 / (g.size(0) - 1);
            fg.map(target, (j, k, row) -> {
                final double[] inX = new double[ORDER + 1];
                alongX(c, coordinate(j, g.size(1)), coordinate(k, g.size(2)), inX);
                ExponentialRow.fill(inX, g.size(0) == 1 ? 0 : -1, step, row);
            }, (x, field) -> dark + (x - dark) * field);
        });
    }

    private static double coordinate(final int index, final int size) {
        return size == 1 ? 0 : 2.0 * index / (size - 1) - 1;
    }

    /** The coefficients of 1, x, x², x³ at a y and a z. */
    private static void alongX(final double[] c, final double y, final double z, final double[] inX) {
        int t = 0;
        for (int a = 0; a <= ORDER; a++) {
            inX[a] = 0;
            double py = 1;
            for (int b = 0; a + b <= ORDER; b++, py *= y) {
                double pz = py;
                for (int d = 0; a + b + d <= ORDER; d++, pz *= z) {
                    if (a + b + d > 0) {
                        inX[a] += c[t++] * pz;
                    }
                }
            }
        }
    }
}
