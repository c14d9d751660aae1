package org.scanbridge.learning.experiment;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs {@link NormalizationTable} by Maven; see docs/adversarial-normalization.md. No test of the build: its name keeps it out. */
class NormalizationTableRun {

    @Test
    @EnabledIfSystemProperty(named = "normalization.folder", matches = ".+")
    void run() throws IOException {
        NormalizationTable.main(new String[]{System.getProperty("normalization.folder"), System.getProperty("steps", "300"),
            System.getProperty("normalization.repetitions", "3"), System.getProperty("normalization.seed", "1"),
            System.getProperty("normalization.experiments", "all"),
            System.getProperty("normalization.data", "phantoms")});
    }
}
