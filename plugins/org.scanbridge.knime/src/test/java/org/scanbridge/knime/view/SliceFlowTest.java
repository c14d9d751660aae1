package org.scanbridge.knime.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.graalvm.polyglot.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.knime.testing.Scripts;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * What the viewer shows and asks for, in simulated time: after every event, answer and frame, each picture must be of the row,
 * plane and slice that stand beside it.
 */
class SliceFlowTest {

    /** One for all tries: starting an engine takes most of a second, and the modules keep nothing between calls. */
    private static final Scripts SCRIPTS = new Scripts();

    private static Value simulation(final String function) throws Exception {
        return SCRIPTS.test("simulation.js").getMember(function);
    }

    private static List<String> strings(final Value array) {
        final List<String> list = new ArrayList<>();
        for (long n = 0; n < array.getArraySize(); n++) {
            list.add(array.getArrayElement(n).asString());
        }
        return list;
    }

    /** Whatever is clicked, scrolled and dragged, at whatever latency. */
    @Property(tries = 40)
    void noPictureIsShownUnderAnotherName(@ForAll @Size(max = 40) final List<@IntRange(min = 0, max = 1 << 20) Integer> codes,
        @ForAll @IntRange(min = 0, max = 3000) final int latency, @ForAll final boolean fails) throws Exception {
        final Value seen = simulation("random").execute(codes.toArray(), latency, fails);
        assertEquals(List.of(), strings(seen.getMember("errors")));
        assertTrue(seen.getMember("mostOutstanding").asInt() <= 2, "requests on their way");
        assertTrue(seen.getMember("mostBytes").asInt() <= 60_000, "bytes kept: " + seen.getMember("mostBytes"));
        final Value end = seen.getMember("end");
        if (seen.getMember("failure").isNull()) {
            assertEquals(0, seen.getMember("outstanding").asInt(), "it comes to rest");
            for (final String plane : Set.of("AXIAL", "CORONAL")) {
                assertEquals(seen.getMember("wanted").getMember(plane).asInt(), end.getMember(plane).asInt(),
                    "ends on the slice that was asked for");
            }
        } else {
            assertTrue(fails && seen.getMember("row").asInt() == 1, "only the failing row fails");
            assertEquals(Set.of(), end.getMemberKeys(), "nothing is shown of a row that failed");
        }
    }

    /** The bar of 20 pictures, whether notches come one by one or in a flick, and answers side by side or one by one. */
    @ParameterizedTest(name = "{0} notches every {1} ms, {2} ms, {3} bytes, serial: {4}")
    @CsvSource({"60, 133, 150, 300000, true", "60, 50, 150, 300000, true", "60, 16, 150, 300000, true",
        "60, 16, 150, 300000, false", "60, 133, 150, 900000, true", "60, 16, 150, 900000, true",
        "60, 133, 0, 900000, false"})
    void aFilmIsSeenWhileScrolling(final int notches, final int every, final int latency, final int bytes,
        final boolean serial) throws Exception {
        final Value seen = simulation("notches").execute(notches, every, latency, bytes, serial);
        assertEquals(List.of(), strings(seen.getMember("errors")));
        assertTrue(seen.getMember("pictures").asInt() >= 20, "pictures: " + seen.getMember("pictures"));
        assertEquals(seen.getMember("start").asInt() + notches, seen.getMember("end").asInt());
        assertEquals(1, seen.getMember("mostOutstanding").asInt());
    }

    /** Deltas as browsers report them: 100 or 120 pixels or 3 lines a notch, a few pixels an event from a trackpad. */
    @ParameterizedTest(name = "{0} events of {1} (mode {2}) move {3} slices")
    @CsvSource({"1, 100, 0, 1", "1, 120, 0, 1", "1, -120, 0, -1", "1, 240, 0, 2", "1, 3, 1, 1", "1, -3, 1, -1",
        "30, 4, 0, 2", "30, -4, 0, -2", "12, 4, 0, 0", "60, 100, 0, 60", "100, 1.5, 0, 3"})
    void aWheelsNotchIsOneSliceAndATrackpadAddsUp(final int events, final double delta, final int mode, final int slices)
        throws Exception {
        final Double[] deltas = new Double[events];
        Arrays.fill(deltas, delta);
        assertEquals(slices, simulation("wheel").execute(deltas, mode).asInt());
    }

    /** A trackpad that turns back starts anew, so that a trembling finger stays where it is. */
    @Test
    void aTrackpadThatTurnsBackStartsAnew() throws Exception {
        final Object[] deltas = {20, 20, -20, -20, 20, 20, -20, -20};
        assertEquals(0, simulation("wheel").execute(deltas, 0).asInt());
    }

    /** With 3 s latency: the click empties the view at once, answers for the left row are not shown, only the last row is. */
    @Test
    void aRowThatWasLeftNeverAppears() throws Exception {
        final Value run = simulation("random");
        // open rows 1, 2, 1, 2 (code = 16·row, 97 ms apart at most)
        final Value seen = run.execute(new Object[]{16 + 0, 32 + 0, 16 + 0, 32 + 0}, 3000, false);
        assertEquals(List.of(), strings(seen.getMember("errors")));
        final Set<String> rows = new TreeSet<>();
        strings(seen.getMember("painted")).forEach(p -> rows.add(p.substring(0, 1)));
        assertEquals(Set.of("2"), rows, "rows whose pictures were seen");
    }
}
