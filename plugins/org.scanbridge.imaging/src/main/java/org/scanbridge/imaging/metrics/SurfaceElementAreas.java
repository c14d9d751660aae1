package org.scanbridge.imaging.metrics;

/**
 * The area of the surface that marching cubes puts between the centers of 2×2×2 voxels, of which some are inside
 * (Lorensen and Cline, SIGGRAPH 1987; vertices in the middle of the edges). Bit a + 2b + 4c of a pattern is the voxel at
 * offset (a, b, c) along i, j, k. The 256 patterns are the 14 below, turned, mirrored and with inside and outside
 * swapped. Every triangle of theirs is parallel to one that cuts off a corner, to one that cuts along an edge, or to a
 * face, so an area is a sum of multiples of these.
 */
final class SurfaceElementAreas {

    /**
     * Pattern, then its number of pieces: corners cut off (an eighth of the parallelogram's area each), strips along i,
     * j, k half as wide as the diagonal, halves of faces across i, j, k.
     */
    private static final int[][] BASE = {{0b1, 1, 0, 0, 0, 0, 0, 0}, {0b11, 0, 2, 0, 0, 0, 0, 0},
        {0b110, 2, 0, 0, 0, 0, 0, 0}, {0b11000, 2, 0, 0, 0, 0, 0, 0}, {0b111, 3, 0, 0, 0, 0, 0, 1},
        {0b10110, 3, 0, 0, 0, 0, 0, 0}, {0b11001, 1, 0, 0, 2, 0, 0, 0}, {0b1111, 0, 0, 0, 0, 0, 0, 2},
        {0b10111, 6, 0, 0, 0, 0, 0, 0}, {0b11011, 4, 0, 1, 1, 0, 0, 0}, {0b11110, 4, 0, 0, 0, 0, 0, 1},
        {0b111100, 0, 4, 0, 0, 0, 0, 0}, {0b1101001, 4, 0, 0, 0, 0, 0, 0}};

    private static final int[][] ORDERS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    private static final int ALL = 255;

    private SurfaceElementAreas() {
    }

    /**
     * @param spacing along i, j, k in mm
     * @return area of each of the 256 patterns in mm²; 0 where all voxels or none are inside
     */
    static double[] of(final double... spacing) {
        final double[] face = {spacing[1] * spacing[2], spacing[0] * spacing[2], spacing[0] * spacing[1]};
        final double corner = norm(face[0], face[1], face[2]) / 8;
        final double[] strip = {norm(0, face[1], face[2]) / 4, norm(face[0], 0, face[2]) / 4,
            norm(face[0], face[1], 0) / 4};
        final double[] areas = new double[ALL + 1];
        for (final int[] base : BASE) {
            for (final int[] order : ORDERS) {
                // Axis a of the turned pattern is axis order[a] of the base pattern.
                double area = base[1] * corner;
                for (int a = 0; a < 3; a++) {
                    area += base[2 + order[a]] * strip[a] + base[5 + order[a]] * face[a] / 2;
                }
                for (int flip = 0; flip < 8; flip++) {
                    final int pattern = turned(base[0], order, flip);
                    areas[pattern] = area;
                    areas[ALL - pattern] = area;
                }
            }
        }
        return areas;
    }

    /** Lengths of the contour in a plane: bit a + 2b of a pattern of four pixels, spacing along both axes in mm. */
    static double[] lengths(final double spacingI, final double spacingJ) {
        final double corner = norm(spacingI, spacingJ, 0) / 2;
        final double[] lengths = new double[16];
        for (int pattern = 1; pattern < 15; pattern++) {
            lengths[pattern] = switch (pattern) {
                case 0b0011, 0b1100 -> spacingI;
                case 0b0101, 0b1010 -> spacingJ;
                case 0b0110, 0b1001 -> 2 * corner;
                default -> corner;
            };
        }
        return lengths;
    }

    private static int turned(final int pattern, final int[] order, final int flip) {
        int turned = 0;
        for (int corner = 0; corner < 8; corner++) {
            if ((pattern >> corner & 1) == 1) {
                int to = 0;
                for (int a = 0; a < 3; a++) {
                    to |= (corner >> order[a] & 1) << a;
                }
                turned |= 1 << (to ^ flip);
            }
        }
        return turned;
    }

    private static double norm(final double x, final double y, final double z) {
        return Math.sqrt(x * x + y * y + z * z);
    }
}
