package org.scanbridge.imaging.phantom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class SpinTissueTest {

    private static final double EVER = 1e9;

    /** Limits that every textbook states. */
    @Property(tries = 100)
    void hasTheKnownLimits(@ForAll @DoubleRange(min = 100, max = 5000) final double t1,
        @ForAll @DoubleRange(min = 20, max = 3000) final double t2, @ForAll @DoubleRange(min = 0.1, max = 1) final double density) {
        final SpinTissue tissue = new SpinTissue(t1, t2, density);
        assertEquals(density, tissue.spinEcho(EVER, 0), 1e-12, "proton density");
        assertEquals(density / Math.E, tissue.spinEcho(EVER, t2), 1e-12, "T2");
        assertEquals(density * (1 - 1 / Math.E), tissue.spinEcho(t1, 0), 1e-12, "T1");
        assertEquals(0, tissue.inversionRecovery(EVER, 0, t1 * Math.log(2)), 1e-12, "nulled at T1 ln 2");
        assertEquals(density, tissue.inversionRecovery(EVER, 0, 0), 1e-12, "inverted");
        // nulled at T1 (ln 2 - ln(1 + e^(-TR/T1))), both ways of writing the steady state
        final double repetition = 2000;
        final double zero = t1 * (Math.log(2) - Math.log1p(Math.exp(-repetition / t1)));
        assertEquals(0, tissue.inversionRecovery(repetition, 0, zero), 1e-12);
        assertEquals(0, tissue.preparedGradientEcho(repetition, 0, zero), 1e-12);
    }

    /** The signals of Python, 1.5 T; see {@link SiteProtocols}. */
    @Test
    void lesionsAreBrightestOnlyWhereTheFluidIsSuppressed() {
        final SiteProtocol p = SiteProtocols.FLAIR_SOURCE;
        assertEquals(0.16055595874952758, p.csf() / p.lesion().getAsDouble(), 1e-9);
        assertEquals(0.8433153427144691, p.gm() / p.lesion().getAsDouble(), 1e-9);
        assertEquals(0.6305732236963711, p.wm() / p.lesion().getAsDouble(), 1e-9);
        assertEquals(0.9, p.lesion().getAsDouble(), 1e-12);
        final SiteProtocol q = SiteProtocols.FLAIR_TARGET;
        assertEquals(0.9, q.csf(), 1e-12);
        assertEquals(0.680788766341006, q.lesion().getAsDouble() / q.csf(), 1e-9);
        assertTrue(q.csf() > q.lesion().getAsDouble() && q.lesion().getAsDouble() > q.gm() && q.gm() > q.wm());
        final SiteProtocol mprage = SiteProtocols.FLAIR_SOURCE_T1;
        assertEquals(0.5253532066088538, mprage.lesion().getAsDouble() / mprage.wm(), 1e-9);
        assertTrue(mprage.wm() > mprage.gm() && mprage.gm() > mprage.lesion().getAsDouble()
            && mprage.lesion().getAsDouble() > mprage.csf());
        final SiteProtocol echo = SiteProtocols.FLAIR_TARGET_T1;
        assertEquals(0.9797766405934252, echo.wm() / echo.gm(), 1e-9);
    }

    @Test
    void refusesWhatIsNoTissue() {
        assertThrows(IllegalArgumentException.class, () -> new SpinTissue(0, 70, 1));
        assertThrows(IllegalArgumentException.class, () -> new SpinTissue(900, Double.NaN, 1));
        assertThrows(IllegalArgumentException.class, () -> new SpinTissue(900, 70, 1.1));
    }
}
