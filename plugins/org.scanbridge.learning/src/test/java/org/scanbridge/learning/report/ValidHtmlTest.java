package org.scanbridge.learning.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;

import nu.validator.client.EmbeddedValidator;

/** The pages are what the HTML standard asks for, by the W3C's own checker. */
class ValidHtmlTest {

    private static final String FAULTLESS = "Document checking completed. No errors found.";

    /** What the checker says: {@link #FAULTLESS} if there is not even a warning. */
    private static String faults(final String html) throws Exception {
        final EmbeddedValidator checker = new EmbeddedValidator();
        checker.setOutputFormat(EmbeddedValidator.OutputFormat.TEXT);
        return checker.validate(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8))).strip();
    }

    @Test
    void theCheckerFindsFaults() throws Exception {
        assertNotEquals(FAULTLESS, faults("<!DOCTYPE html><html lang=\"en\"><head><title>t</title></head><body><table><td>x</table><p id=a>"
            + "<p id=a></body></html>"));
    }

    @Test
    void theReport() throws Exception {
        assertEquals(FAULTLESS, faults(ReportPage.write(ReportPageTest.model("<S> & \"1\""))));
    }

    @Test
    void thePageOfCurves() throws Exception {
        assertEquals(FAULTLESS, faults(CurvePage.of("Training", "Step 2 of 2", "step", List.of(new CurvePage.Chart("loss",
            List.of(new CurvePage.Curve("a", new double[]{1, 2}, new double[]{3, 4}),
                new CurvePage.Curve("b", new double[]{1, 2}, new double[]{3, 4})))), OptionalInt.of(5))));
    }

    @Test
    void theTransferStudy() throws Exception {
        assertEquals(FAULTLESS, faults(TransferPage.of(List.of(new TransferPage.Point(1, false, 0, 0.5), new TransferPage.Point(1, false, 2, 0.6),
            new TransferPage.Point(2, false, 2, 0.7), new TransferPage.Point(2, true, 2, 0.4)))));
    }

    @Test
    void theSiteCurriculum() throws Exception {
        final String page = CurriculumPage.of(List.of(new CurriculumPage.Point("A", "A", 0.5), new CurriculumPage.Point("A", "<B>", 0.25),
            new CurriculumPage.Point("A", "A", 0.75), new CurriculumPage.Point("A, <B>", "A", Double.NaN)));
        assertEquals(FAULTLESS, faults(page));
        // repetitions are averaged
        assertTrue(page.contains(">0.625</text>") && page.contains(">0.250</text>") && !page.contains("<B>"), page);
        assertTrue(page.contains("Means of 2 repetitions."), page);
        assertTrue(CurriculumPage.of(List.of(new CurriculumPage.Point("A", "A", 0.5))).contains("Of one repetition"));
    }
}
