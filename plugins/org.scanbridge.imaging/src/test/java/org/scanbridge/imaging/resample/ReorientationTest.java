package org.scanbridge.imaging.resample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

class ReorientationTest {

    private static final double[] IDENTITY = {1, 0, 0, 0, 1, 0, 0, 0, 1};

    private static Volume ramp(final double[] direction) {
        final float[] x = new float[24];
        for (int v = 0; v < 24; v++) {
            x[v] = v;
        }
        return new Volume(x, new Geometry(new int[]{2, 3, 4}, new double[]{1, 2, 3}, new double[]{10, 20, 30}, direction),
            VolumeInfo.UNKNOWN);
    }

    /** All 48 axis-parallel orientations. */
    private static List<double[]> directions() {
        final List<double[]> all = new ArrayList<>();
        final int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        for (final int[] order : orders) {
            for (int signs = 0; signs < 8; signs++) {
                final double[] d = new double[9];
                for (int a = 0; a < 3; a++) {
                    d[3 * a + order[a]] = (signs >> a & 1) == 0 ? 1 : -1;
                }
                all.add(d);
            }
        }
        return all;
    }

    @Test
    void everyVoxelKeepsItsPlaceAndTheWayBackIsExact() {
        for (final double[] direction : directions()) {
            final Volume image = ramp(direction);
            final Reorientation toLps = Reorientation.toLps(image.geometry());
            final Volume lps = toLps.apply(image);
            assertArrayEquals(IDENTITY, lps.geometry().direction());
            for (int k = 0; k < 4; k++) {
                for (int j = 0; j < 3; j++) {
                    for (int i = 0; i < 2; i++) {
                        final double[] index = lps.geometry().index(image.geometry().position(i, j, k));
                        assertEquals(image.get(i, j, k), lps.get((int)Math.rint(index[0]), (int)Math.rint(index[1]),
                            (int)Math.rint(index[2])));
                    }
                }
            }
            final Volume back = toLps.inverse().apply(lps);
            assertArrayEquals(image.voxels(), back.voxels());
            assertEquals(image.geometry(), back.geometry());
            assertArrayEquals(new double[]{-1, 0, 0, 0, -1, 0, 0, 0, 1},
                Reorientation.toRas(image.geometry()).geometry().direction());
        }
    }

    @Test
    void obliqueGridsGoToTheNearestAxes() {
        final double c = Math.cos(0.3);
        final double s = Math.sin(0.3);
        // j runs nearly to Left, i nearly against Posterior.
        final Geometry oblique = new Geometry(new int[]{2, 3, 4}, new double[]{1, 2, 3}, new double[3],
            new double[]{s, -c, 0, c, s, 0, 0, 0, 1});
        final Reorientation lps = Reorientation.toLps(oblique);
        assertArrayEquals(new int[]{1, 0, 2}, lps.axis());
        assertArrayEquals(new boolean[]{false, true, false}, lps.flip());
        assertArrayEquals(new double[]{c, s, 0, -s, c, 0, 0, 0, 1}, lps.geometry().direction(), 1e-12);
    }

    @Test
    void labelsMoveLikeImages() {
        final Volume image = ramp(directions().get(29));
        final byte[] y = new byte[24];
        for (int v = 0; v < 24; v++) {
            y[v] = (byte)v;
        }
        final LabelVolume labels = new LabelVolume(y, image.geometry(), image.info(), LabelSet.of());
        final Reorientation lps = Reorientation.toLps(image.geometry());
        final float[] a = lps.apply(image).voxels();
        final byte[] b = lps.apply(labels).voxels();
        for (int v = 0; v < 24; v++) {
            assertEquals(a[v], b[v]);
        }
    }

    @Test
    void refusesBadOrdersAndForeignGrids() {
        final Geometry grid = ramp(IDENTITY).geometry();
        assertThrows(IllegalArgumentException.class,
            () -> new Reorientation(grid, new int[]{0, 0, 2}, new boolean[3]));
        assertThrows(ImagingException.class,
            () -> Reorientation.toLps(Geometry.axial(new int[]{2, 3, 4}, 1, 1, 1)).apply(ramp(IDENTITY)));
    }
}
