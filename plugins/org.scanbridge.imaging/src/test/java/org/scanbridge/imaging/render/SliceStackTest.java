package org.scanbridge.imaging.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.imaging.volume.Geometry;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class SliceStackTest {

    private static Geometry rotated(final double a, final double b, final double c, final int... size) {
        final double[][] x = {{1, 0, 0}, {0, Math.cos(a), Math.sin(a)}, {0, -Math.sin(a), Math.cos(a)}};
        final double[][] y = {{Math.cos(b), 0, -Math.sin(b)}, {0, 1, 0}, {Math.sin(b), 0, Math.cos(b)}};
        final double[][] z = {{Math.cos(c), Math.sin(c), 0}, {-Math.sin(c), Math.cos(c), 0}, {0, 0, 1}};
        final double[] direction = new double[9];
        for (int r = 0; r < 3; r++) {
            for (int s = 0; s < 3; s++) {
                for (int m = 0; m < 3; m++) {
                    for (int n = 0; n < 3; n++) {
                        direction[3 * r + s] += x[r][m] * y[m][n] * z[n][s];
                    }
                }
            }
        }
        return new Geometry(size, new double[]{0.7, 1.3, 4}, new double[]{-12, 30, 7}, direction);
    }

    /** Whatever the orientation: the place of a pixel is that of the voxel which SliceGrid paints there. */
    @Property
    void pixelsLieWhereTheirVoxelsAre(@ForAll @DoubleRange(min = -3, max = 3) final double a,
        @ForAll @DoubleRange(min = -3, max = 3) final double b, @ForAll @DoubleRange(min = -3, max = 3) final double c,
        @ForAll final Plane plane, @ForAll @IntRange(max = 1000) final int pick) {
        final Geometry grid = rotated(a, b, c, 3, 4, 5);
        final SliceStack stack = new SliceStack(grid, plane);
        final int n = pick % stack.size()[2];
        final SliceGrid slice = new SliceGrid(grid, plane, n);
        assertArrayEquals(new int[]{slice.width(), slice.height(), SliceGrid.slices(grid, plane)}, stack.size());
        final int x = pick / 7 % stack.size()[0];
        final int y = pick / 3 % stack.size()[1];
        final int voxel = slice.voxel(x, y);
        final int[] index = {voxel % 3, voxel / 3 % 4, voxel / 12};
        final double[] place = new double[3];
        for (int d = 0; d < 3; d++) {
            place[d] = stack.first()[d] + x * stack.across()[d] + y * stack.down()[d] + n * stack.through()[d];
        }
        assertArrayEquals(grid.position(index[0], index[1], index[2]), place, 1e-9);
        assertEquals(index[stack.axis()], stack.index(n));
    }

    @Test
    void knowsTheAcquiredPlane() {
        assertEquals(Plane.AXIAL, SliceStack.acquired(rotated(0.3, 0.2, 1.5, 3, 4, 5)));
        // a quarter turn about x: k along the anterior-posterior axis
        assertEquals(Plane.CORONAL, SliceStack.acquired(rotated(Math.PI / 2, 0, 0, 3, 4, 5)));
        assertEquals(Plane.SAGITTAL, SliceStack.acquired(rotated(0, Math.PI / 2, 0, 3, 4, 5)));
    }

    /** Turned by 20° about the left-right axis: axial slices lean by 20°, sagittal ones do not. */
    @Test
    void saysHowObliqueSlicesAre() {
        final Geometry grid = rotated(Math.toRadians(20), 0, 0, 3, 4, 5);
        assertEquals(20, new SliceStack(grid, Plane.AXIAL).obliqueness(), 1e-9);
        assertEquals(20, new SliceStack(grid, Plane.CORONAL).obliqueness(), 1e-9);
        assertEquals(0, new SliceStack(grid, Plane.SAGITTAL).obliqueness(), 1e-6);
        assertArrayEquals(new String[]{"R", "L", "AF", "PH"}, new SliceStack(grid, Plane.AXIAL).letters());
    }

    /** DICOM PS3.3 C.7.6.1.1.1: the letters in the order of the direction's components; less than 10° are not named. */
    @ParameterizedTest
    @CsvSource({"1, 0, 0, L", "-2, 0, 0, R", "0, 5, 0, P", "0, -1, 0, A", "0, 0, 1, H", "0, 0, -1, F", "0.5, -0.8, 0, AL",
        "0.2, 0.3, -0.9, FPL", "0.1, 0, 0.99, H", "0.18, 0, 0.98, HL"})
    void directionsHaveLetters(final double x, final double y, final double z, final String letters) {
        assertEquals(letters, OrientationLetters.of(x, y, z));
    }
}
