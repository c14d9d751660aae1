package org.scanbridge.learning.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SvgTextTest {

    @Test
    void breaksAtBlanksAndWithinLongWords() {
        assertEquals(List.of("Dice on the", "hospital by", "the sea"), SvgText.lines("Dice on the hospital by the sea", 12));
        assertEquals(List.of("Univer", "sitäts", "klinik", "um"), SvgText.lines("Universitätsklinikum", 6));
        assertEquals(List.of("A"), SvgText.lines("A", 40));
        assertEquals(List.of(""), SvgText.lines("", 40));
    }

    @Property
    void losesNoLetterAndKeepsToTheLine(@ForAll final String text, @ForAll @IntRange(min = 1, max = 30) final int letters) {
        final List<String> lines = SvgText.lines(text, letters);
        assertTrue(lines.stream().allMatch(line -> line.codePointCount(0, line.length()) <= letters), lines.toString());
        assertEquals(withoutBlanks(text), withoutBlanks(String.join("", lines)));
    }

    private static List<Integer> withoutBlanks(final String text) {
        return text.codePoints().filter(c -> !Character.isWhitespace(c)).boxed().toList();
    }

    /** A site of 57 letters, over a chart of 240 pixels: 7 pixels a letter leave 28 letters beside the axis. */
    @Test
    void aLongNameOfASiteIsWholeInTheChart() {
        final String svg = DotPlot.draw("Dice on Universitätsklinikum Nord, Gerät 2 im neuen Hauptgebäude", List.of(
            new DotPlot.Group("white matter hyperintensities", List.of(
                new DotPlot.Column("adapted", "#123456", List.of(new DotPlot.Dot("S-1", 1), new DotPlot.Dot("S-2", 0)))))));
        final List<String> lines = svg.lines().flatMap(l -> Pattern.compile("<tspan[^>]*>([^<]*)").matcher(l)
            .results().map(r -> r.group(1))).toList();
        assertTrue(lines.stream().allMatch(line -> line.length() <= 28), lines.toString());
        final String all = String.join(" ", lines);
        assertTrue(all.contains("Hauptgebäude") && all.contains("Universitätsklinikum"), all);
        assertTrue(String.join("", lines).replace(" ", "").contains("whitematterhyperintensities"), all);
    }
}
