package org.scanbridge.learning.experiment;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs {@link RefinementTable} by Maven: {@code -Dtest=RefinementTableRun -Drefinement.folder=<results> -Dsteps=300
 * -Dengine.extremes=false}. No test of the build: its name keeps it out.
 */
class RefinementTableRun {

    @Test
    @EnabledIfSystemProperty(named = "refinement.folder", matches = ".+")
    void run() throws IOException {
        RefinementTable.main(new String[]{System.getProperty("refinement.folder"), System.getProperty("steps", "300"),
            System.getProperty("refinement.data", "phantoms")});
    }
}
