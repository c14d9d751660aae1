package org.scanbridge.learning.predict;

import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.Background;

/** How alike an image and what was made of it are. */
public final class ImageSimilarity {

    private ImageSimilarity() {
    }

    /**
     * Normalized cross-correlation Σ (a - ā)(b - b̄) / √(Σ (a - ā)² Σ (b - b̄)²) over the voxels that are not a constant
     * background of the original: 1 if b is an increasing linear function of a, whatever its brightness and contrast; -1 if
     * it is a decreasing one.
     *
     * @param original a
     * @param made b, on the same grid
     * @return in [-1, 1]; NaN if either is constant there
     * @throws LearningException if the grids differ
     */
    public static double correlation(final Volume original, final Volume made) {
        if (!original.geometry().sameGrid(made.geometry())) {
            throw new LearningException("Two images to compare are on different grids: " + original.geometry() + " and "
                + made.geometry().beside(original.geometry()) + ". Resample one to the other.");
        }
        final float[] a = original.voxels();
        final float[] b = made.voxels();
        final Background background = Background.of(a, original.geometry().size());
        double count = 0;
        double sumA = 0;
        double sumB = 0;
        double squaresA = 0;
        double squaresB = 0;
        double products = 0;
        for (int v = 0; v < a.length; v++) {
            if (!background.constant() || a[v] != background.value()) {
                count++;
                sumA += a[v];
                sumB += b[v];
                squaresA += (double)a[v] * a[v];
                squaresB += (double)b[v] * b[v];
                products += (double)a[v] * b[v];
            }
        }
        final double spreadA = squaresA - sumA * sumA / count;
        final double spreadB = squaresB - sumB * sumB / count;
        return spreadA > 0 && spreadB > 0
            ? Math.max(-1, Math.min(1, (products - sumA * sumB / count) / Math.sqrt(spreadA * spreadB))) : Double.NaN;
    }
}
