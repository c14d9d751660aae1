package org.scanbridge.dicom.seg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.geom.Path2D;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ContourTracerTest {

    private static Path2D path(final ContourTracer.Outline outline) {
        final Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
        path.moveTo(outline.x()[0], outline.y()[0]);
        for (int p = 1; p < outline.x().length; p++) {
            path.lineTo(outline.x()[p], outline.y()[p]);
        }
        path.closePath();
        return path;
    }

    /** Any pixels, with holes, islands in holes and corners that touch: the outlines enclose their centers and no others. */
    @Property(tries = 300)
    void outlinesEncloseExactlyThePixels(@ForAll final long seed, @ForAll @IntRange(min = 1, max = 14) final int columns,
        @ForAll @IntRange(min = 1, max = 14) final int rows, @ForAll @IntRange(min = 1, max = 9) final int tenths) {
        final Random random = new Random(seed);
        final byte[] plane = new byte[3 + columns * rows];
        for (int p = 3; p < plane.length; p++) {
            plane[p] = (byte)(random.nextInt(10) < tenths ? 4 : random.nextInt(4));
        }
        final List<ContourTracer.Outline> outlines = ContourTracer.trace(plane, 3, 4, columns, rows);
        final ContourUnion union = new ContourUnion(columns, rows);
        outlines.forEach(o -> assertTrue(union.add(o.x(), o.y(), false)));
        final List<Path2D> paths = outlines.stream().map(ContourTracerTest::path).toList();
        for (int j = 0; j < rows; j++) {
            for (int i = 0; i < columns; i++) {
                final boolean inside = plane[3 + j * columns + i] == 4;
                final double x = i;
                final double y = j;
                assertEquals(inside ? 1 : 0, paths.stream().filter(p -> p.contains(x, y)).count(), i + ", " + j);
                assertEquals(inside, union.inside().get(j * columns + i), i + ", " + j);
            }
        }
    }

    /** A ring of 5×5 pixels with a hole of 3×3: one outline. */
    @Test
    void aHoleIsReachedThroughAChannel() {
        final byte[] ring = new byte[49];
        for (int j = 1; j < 6; j++) {
            for (int i = 1; i < 6; i++) {
                ring[j * 7 + i] = (byte)(i > 1 && i < 5 && j > 1 && j < 5 ? 0 : 1);
            }
        }
        final List<ContourTracer.Outline> outlines = ContourTracer.trace(ring, 0, 1, 7, 7);
        assertEquals(1, outlines.size());
        double twice = 0;
        final double[] x = outlines.get(0).x();
        final double[] y = outlines.get(0).y();
        for (int a = x.length - 1, b = 0; b < x.length; a = b++) {
            twice += x[a] * y[b] - x[b] * y[a];
        }
        // corners cut by 1/8 each: 25 - 4/8 outside, the hole of 9 - 4/8 taken away
        assertEquals(25 - 0.5 - (9 - 0.5), Math.abs(twice) / 2, 1e-12);
    }

    @Test
    void pixelsThatMeetAtACornerAreParted() {
        assertEquals(2, ContourTracer.trace(new byte[]{1, 0, 0, 1}, 0, 1, 2, 2).size());
        assertEquals(0, ContourTracer.trace(new byte[]{1, 0, 0, 1}, 0, 2, 2, 2).size());
    }
}
