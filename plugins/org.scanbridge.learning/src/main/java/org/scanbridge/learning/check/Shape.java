package org.scanbridge.learning.check;

import java.util.List;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;

/**
 * What a structure of a segmentation looks like, whatever the image's intensities.
 *
 * @param volume in mm³
 * @param surface area of its voxels' faces that look out, in mm² per mm³ of volume; 0 for nothing
 * @param spread root mean square distance of its voxels from the center of all structures, as a share of that of all; 0 for
 *            nothing
 * @param touching shares of its surface that border on the background, and on each of the structures in their order (that
 *            of its own is 0); all 0 for nothing
 */
record Shape(double volume, double surface, double spread, double[] touching) {

    /**
     * Shapes of structures.
     *
     * @param labels with classes of the network
     * @param structures what is looked at; a voxel in several, as regions may be, counts where it borders for the first one
     *            that the looking one has no part in
     */
    static Shape[] of(final LabelVolume labels, final List<Structure> structures) {
        final Shape[] shapes = new Shape[structures.size()];
        final boolean[][] inside = structures.stream().map(Structure::inside).toArray(boolean[][]::new);
        final boolean[] any = new boolean[256];
        for (final boolean[] each : inside) {
            for (int c = 0; c < any.length; c++) {
                any[c] |= each[c];
            }
        }
        final double[] all = moments(labels, any, null);
        final double[] center = all[0] > 0 ? new double[]{all[1] / all[0], all[2] / all[0], all[3] / all[0]} : new double[3];
        final double whole = Math.sqrt(moments(labels, any, center)[4] / Math.max(1, all[0]));
        for (int s = 0; s < shapes.length; s++) {
            final double[] own = moments(labels, inside[s], center);
            final double volume = own[0] * labels.geometry().voxelVolume();
            final double[] faces = faces(labels, inside, s);
            double area = 0;
            for (final double face : faces) {
                area += face;
            }
            for (int t = 0; t < faces.length && area > 0; t++) {
                faces[t] /= area;
            }
            shapes[s] = new Shape(volume, own[0] > 0 ? area / volume : 0,
                own[0] > 0 && whole > 0 ? Math.sqrt(own[4] / own[0]) / whole : 0, faces);
        }
        return shapes;
    }

    /** Number of voxels, sums of i, j and k in mm, and of squared distances from a center in mm² (0 without one). */
    private static double[] moments(final LabelVolume labels, final boolean[] inside, final double[] center) {
        final Geometry g = labels.geometry();
        final double[] sums = new double[5];
        int v = 0;
        for (int k = 0; k < g.size(2); k++) {
            for (int j = 0; j < g.size(1); j++) {
                for (int i = 0; i < g.size(0); i++, v++) {
                    if (inside[labels.voxels()[v] & 0xff]) {
                        final double x = i * g.spacing(0);
                        final double y = j * g.spacing(1);
                        final double z = k * g.spacing(2);
                        sums[0]++;
                        sums[1] += x;
                        sums[2] += y;
                        sums[3] += z;
                        if (center != null) {
                            sums[4] += (x - center[0]) * (x - center[0]) + (y - center[1]) * (y - center[1])
                                + (z - center[2]) * (z - center[2]);
                        }
                    }
                }
            }
        }
        return sums;
    }

    /** Area in mm² of the faces between a structure and the background (0) and each structure (from 1 on). */
    private static double[] faces(final LabelVolume labels, final boolean[][] inside, final int structure) {
        final Geometry g = labels.geometry();
        final int[] size = g.size();
        final int[] step = {1, size[0], size[0] * size[1]};
        final double[] area = {g.spacing(1) * g.spacing(2), g.spacing(0) * g.spacing(2), g.spacing(0) * g.spacing(1)};
        final double[] faces = new double[inside.length + 1];
        final boolean[] own = inside[structure];
        final int[] index = new int[3];
        int v = 0;
        for (index[2] = 0; index[2] < size[2]; index[2]++) {
            for (index[1] = 0; index[1] < size[1]; index[1]++) {
                for (index[0] = 0; index[0] < size[0]; index[0]++, v++) {
                    final boolean here = own[labels.voxels()[v] & 0xff];
                    for (int a = 0; a < 3; a++) {
                        if (index[a] + 1 < size[a]) {
                            final int next = labels.voxels()[v + step[a]] & 0xff;
                            if (own[next] != here) {
                                faces[which(here ? next : labels.voxels()[v] & 0xff, inside)] += area[a];
                            }
                        }
                    }
                }
            }
        }
        return faces;
    }

    private static int which(final int label, final boolean[][] inside) {
        for (int s = 0; s < inside.length; s++) {
            if (inside[s][label]) {
                return s + 1;
            }
        }
        return 0;
    }
}
