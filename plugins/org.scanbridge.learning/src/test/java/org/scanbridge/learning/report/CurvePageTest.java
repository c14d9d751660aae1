package org.scanbridge.learning.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.report.CurvePage.Chart;
import org.scanbridge.learning.report.CurvePage.Curve;

class CurvePageTest {

    private static final double NONE = Double.NaN;

    private static String page(final double... validation) {
        final double[] steps = {1, 2, 3};
        return CurvePage.of("Training", "Done", "step", List.of(new Chart("Dice",
            List.of(new Curve("on patches", steps, new double[]{0, 0.5, 1}), new Curve("on whole images", steps, validation)))),
            OptionalInt.empty());
    }

    private static long count(final String html, final String pattern) {
        return Pattern.compile(pattern).matcher(html).results().count();
    }

    /** The end of the other curve, (3, 1), is where the dot of the only validation has to be. */
    @Test
    void aSingleValueGetsADot() {
        final String html = page(NONE, NONE, 1);
        assertEquals(1, count(html, "<circle cx=\"([0-9.]+)\" cy=\"([0-9.]+)\"[^>]*><title>on whole images"));
        assertEquals(1, count(html, "points=\"[^\"]* ([0-9.]+),([0-9.]+) \"><title>on patches.*<circle cx=\"\\1\" cy=\"\\2\""));
        assertEquals(0, count(page(0.2, NONE, 1), "<circle"));
    }

    @Test
    void theLegendNamesOnlyWhatIsDrawn() {
        assertEquals(1, count(page(NONE, NONE, 1), "</svg>on whole images</span>"));
        final String html = page(NONE, NONE, NONE);
        assertEquals(1, count(html, "</svg>on patches</span>"));
        assertFalse(html.contains("on whole images</span>"), html);
    }
}
