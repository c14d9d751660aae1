package org.scanbridge.dicom.series;

import java.util.Arrays;

/**
 * The even grid nearest to positions along a line, some of whose places may be empty. Each position is compared with its
 * place on the grid, not each step with the spacing: where headers round positions, steps of 0.625 mm become 0.6 and 0.7.
 *
 * @param spacing of the grid in mm, by least squares
 * @param places the place of each position, from 0; strictly ascending where the grid is regular
 * @param deviation largest distance of a position from its place in mm
 * @param worst index of the position with that distance
 * @param regular whether the positions lie on the grid, but for rounding
 */
record EvenGrid(double spacing, int[] places, double deviation, int worst, boolean regular) {

    /** Positions may deviate by this fraction of the spacing: scanners are not more exact. */
    static final double TOLERANCE = 0.02;

    /** Half of 0.1 mm, to which some headers round positions, and as much for the grid that was fitted to them. */
    private static final double ROUNDING = 0.06;

    /** However small the spacing is, larger deviations are no rounding. */
    private static final double MAX_TOLERANCE = 0.2;

    /** Steps smaller than so many median steps are single ones. */
    private static final double SINGLE = 1.5;

    private static final int MAX_PLACES = 1 << 16;

    /**
     * Fits a grid.
     *
     * @param positions at least two, strictly ascending, in mm
     */
    static EvenGrid of(final double[] positions) {
        final int n = positions.length;
        final double[] steps = new double[n - 1];
        for (int s = 0; s < n - 1; s++) {
            steps[s] = positions[s + 1] - positions[s];
        }
        double spacing = singleStep(steps);
        final int[] places = new int[n];
        for (int s = 1; s < n; s++) {
            final double places1 = places[s - 1] + Math.max(1, Math.rint(steps[s - 1] / spacing));
            if (places1 > MAX_PLACES) {
                return new EvenGrid(spacing, places, Double.POSITIVE_INFINITY, s, false);
            }
            places[s] = (int)places1;
        }
        // Least squares over place and position.
        final double meanPlace = Arrays.stream(places).average().orElseThrow();
        final double meanPosition = Arrays.stream(positions).average().orElseThrow();
        double both = 0;
        double square = 0;
        for (int s = 0; s < n; s++) {
            both += (places[s] - meanPlace) * (positions[s] - meanPosition);
            square += (places[s] - meanPlace) * (places[s] - meanPlace);
        }
        spacing = both / square;
        double deviation = 0;
        int worst = 0;
        for (int s = 0; s < n; s++) {
            final double d = Math.abs(positions[s] - meanPosition - (places[s] - meanPlace) * spacing);
            if (d > deviation) {
                deviation = d;
                worst = s;
            }
        }
        final double tolerance = Math.min(Math.max(TOLERANCE * spacing, ROUNDING), MAX_TOLERANCE * spacing);
        return new EvenGrid(spacing, places, deviation, worst, deviation <= tolerance);
    }

    /** Mean of the steps about as large as the median one, which averages rounding out. */
    private static double singleStep(final double[] steps) {
        final double[] sorted = steps.clone();
        Arrays.sort(sorted);
        final double median = sorted[(sorted.length - 1) / 2];
        return Arrays.stream(steps).filter(s -> s < SINGLE * median).average().orElse(median);
    }
}
