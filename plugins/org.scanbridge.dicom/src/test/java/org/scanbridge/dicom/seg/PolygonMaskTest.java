package org.scanbridge.dicom.seg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.awt.geom.Path2D;
import java.util.BitSet;
import java.util.Random;

import org.junit.jupiter.api.Test;

/** Against the even-odd rule of the JDK's Path2D, an independent implementation, and areas known in closed form. */
class PolygonMaskTest {

    private static final int COLUMNS = 40;

    private static final int ROWS = 30;

    @Test
    void agreesWithAnotherImplementationOnAnyPolygons() {
        final Random random = new Random(5);
        for (int n = 0; n < 300; n++) {
            final Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
            final PolygonMask mask = new PolygonMask(COLUMNS, ROWS);
            for (int p = 0; p <= random.nextInt(3); p++) {
                final int corners = 3 + random.nextInt(12);
                final double[] x = random.doubles(corners, -8, COLUMNS + 8).toArray();
                final double[] y = random.doubles(corners, -8, ROWS + 8).toArray();
                path.moveTo(x[0], y[0]);
                for (int c = 1; c < corners; c++) {
                    path.lineTo(x[c], y[c]);
                }
                path.closePath();
                mask.exclusiveOr(x, y);
            }
            final BitSet expected = new BitSet();
            for (int r = 0; r < ROWS; r++) {
                for (int c = 0; c < COLUMNS; c++) {
                    expected.set(r * COLUMNS + c, path.contains(c, r));
                }
            }
            assertEquals(expected, mask.inside(), "polygons " + n);
        }
    }

    @Test
    void polygonsThatShareAnEdgeShareNoPixel() {
        final PolygonMask left = new PolygonMask(COLUMNS, ROWS);
        left.exclusiveOr(new double[]{2, 5, 5, 2}, new double[]{3, 3, 7, 7});
        final PolygonMask right = new PolygonMask(COLUMNS, ROWS);
        right.exclusiveOr(new double[]{5, 9, 9, 5}, new double[]{3, 3, 7, 7});
        assertEquals(3 * 4, left.inside().cardinality());
        assertEquals(4 * 4, right.inside().cardinality());
        assertFalse(left.inside().intersects(right.inside()));
    }

    @Test
    void keyholesAreHoles() {
        // an outline of 20×20 that runs along a channel of no width to a hole of 10×10 and back
        final PolygonMask mask = new PolygonMask(COLUMNS, ROWS);
        mask.exclusiveOr(new double[]{0.5, 20.5, 20.5, 0.5, 0.5, 5.5, 5.5, 15.5, 15.5, 5.5, 5.5, 0.5},
            new double[]{0.5, 0.5, 20.5, 20.5, 10.3, 10.3, 15.5, 15.5, 5.5, 5.5, 10.3, 10.3});
        assertEquals(400 - 100, mask.inside().cardinality());
    }

    @Test
    void outlinesThatCrossMoreRowsThanAnyRealOneAreRefused() {
        final double[] x = new double[2_000_000];
        final double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = i % 2 * 1e9;
        }
        assertFalse(new PolygonMask(COLUMNS, 65535).exclusiveOr(x, y));
    }
}
