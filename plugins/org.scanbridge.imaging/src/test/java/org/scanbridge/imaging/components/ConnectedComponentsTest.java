package org.scanbridge.imaging.components;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class ConnectedComponentsTest {

    private static LabelVolume labels(final byte[] x, final int... size) {
        return new LabelVolume(x, Geometry.axial(size, 1, 1, 1), VolumeInfo.UNKNOWN, LabelSet.of("a"));
    }

    @Test
    void diagonalNeighborsHangTogetherByCornersOnly() {
        final byte[] x = {1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1};
        // 2 × 2 × 3: (0,0,0) and (1,1,0) share an edge, (1,1,2) is apart.
        final ConnectedComponents corners = ConnectedComponents.of(labels(x, 2, 2, 3), 1, Connectivity.CORNERS);
        assertEquals(2, corners.count());
        assertEquals(2, corners.size(1));
        assertEquals(1, corners.at(3));
        assertEquals(2, corners.at(11));
        assertEquals(0, corners.at(1));
        assertEquals(3, ConnectedComponents.of(labels(x, 2, 2, 3), 1, Connectivity.FACES).count());
        assertEquals(0, ConnectedComponents.of(labels(x, 2, 2, 3), 7, Connectivity.FACES).count());
    }

    /** Compares with a flood fill. */
    @Property(tries = 60)
    void agreesWithAFloodFill(@ForAll final long seed, @ForAll final Connectivity connectivity) {
        final Random random = new Random(seed);
        final int[] size = {1 + random.nextInt(9), 1 + random.nextInt(8), 1 + random.nextInt(7)};
        final byte[] x = new byte[size[0] * size[1] * size[2]];
        final double density = random.nextDouble();
        for (int v = 0; v < x.length; v++) {
            x[v] = (byte)(random.nextDouble() < density ? 1 : 0);
        }
        final ConnectedComponents components = ConnectedComponents.of(labels(x, size), 1, connectivity);
        final int[] expected = new int[x.length];
        int count = 0;
        for (int v = 0; v < x.length; v++) {
            if (x[v] == 1 && expected[v] == 0) {
                assertEquals(fill(x, size, v, ++count, connectivity, expected), components.size(count));
            }
        }
        assertEquals(count, components.count());
        for (int v = 0; v < x.length; v++) {
            assertEquals(expected[v], components.at(v));
        }
    }

    private static int fill(final byte[] x, final int[] size, final int start, final int number,
        final Connectivity connectivity, final int[] numbers) {
        final Deque<Integer> open = new ArrayDeque<>();
        open.add(start);
        numbers[start] = number;
        int filled = 0;
        while (!open.isEmpty()) {
            final int v = open.remove();
            filled++;
            for (int n = 0; n < 27; n++) {
                final int di = n % 3 - 1;
                final int dj = n / 3 % 3 - 1;
                final int dk = n / 9 - 1;
                final int i = v % size[0] + di;
                final int j = v / size[0] % size[1] + dj;
                final int k = v / size[0] / size[1] + dk;
                final boolean near = connectivity == Connectivity.CORNERS || Math.abs(di) + Math.abs(dj) + Math.abs(dk) == 1;
                if (near && i >= 0 && j >= 0 && k >= 0 && i < size[0] && j < size[1] && k < size[2]) {
                    final int w = (k * size[1] + j) * size[0] + i;
                    if (x[w] == 1 && numbers[w] == 0) {
                        numbers[w] = number;
                        open.add(w);
                    }
                }
            }
        }
        return filled;
    }
}
