package org.scanbridge.learning.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

/** Names of any length fit beside and above the cells. */
class HeatMapTest {

    private static final String LONG = "Universitätsklinikum, Scanner 3 T in the new building";

    private static final double[][] VALUES = {{0.1, 0.2}, {0.3, 0.4}};

    private static List<double[]> numbers(final String svg, final String pattern) {
        return Pattern.compile(pattern).matcher(svg).results()
            .map(m -> new double[]{Double.parseDouble(m.group(1)), Double.parseDouble(m.group(2))}).toList();
    }

    @Test
    void shortNamesTakeOneLine() {
        final String svg = new HeatMap(List.of("A", "B"), List.of("A", "B"), VALUES, 92).svg();
        assertTrue(svg.startsWith("<svg id=\"heat\" width=\"268\" height=\"102\""), svg);
        assertEquals(4, Pattern.compile("<tspan").matcher(svg).results().count());
    }

    @Test
    void longNamesBreakAndCellsGiveWay() {
        final String svg = new HeatMap(List.of("A", LONG + " (replay)"), List.of("A", LONG), VALUES, 300).svg();
        final Matcher text = Pattern.compile("<text class=\"mid\">(.*?)</text>").matcher(svg);
        assertTrue(text.find() && text.find());
        final List<String> lines =
            Pattern.compile("<tspan[^>]*>([^<]*)").matcher(text.group(1)).results().map(m -> m.group(1)).toList();
        assertEquals(LONG.replace(" ", ""), String.join("", lines).replace(" ", ""), "nothing is cut off");
        // a column has 88 px, a letter of 11 px on average 6.5
        assertTrue(lines.size() > 1 && lines.stream().allMatch(l -> 6.5 * l.length() <= 88), lines.toString());
        final List<double[]> cells = numbers(svg, "y=\"(\\d+)\" width=\"86\" height=\"(\\d+)\"");
        final List<double[]> written = numbers(svg, "x=\"([\\d.]+)\" y=\"([\\d.]+)\">");
        assertTrue(written.stream().filter(w -> w[0] > 300 && w[1] < cells.get(0)[0]).count() > lines.size(), svg);
        assertTrue(cells.get(2)[0] >= cells.get(0)[0] + cells.get(0)[1], "the second row lies below the first");
        assertTrue(cells.get(2)[1] > cells.get(0)[1], "a name of two lines takes more than one");
    }
}
