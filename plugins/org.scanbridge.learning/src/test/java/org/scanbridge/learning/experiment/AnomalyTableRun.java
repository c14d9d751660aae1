package org.scanbridge.learning.experiment;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs {@link AnomalyTable} by Maven: {@code -Dtest=AnomalyTableRun -Danomaly.folder=<results> -Dsteps=1000
 * -DlabeledSteps=250 -Dengine.extremes=false}. No test of the build: its name keeps it out.
 */
class AnomalyTableRun {

    @Test
    @EnabledIfSystemProperty(named = "anomaly.folder", matches = ".+")
    void run() throws IOException {
        AnomalyTable.main(new String[]{System.getProperty("anomaly.folder"), System.getProperty("steps", "1000"),
            System.getProperty("labeledSteps", "250")});
    }
}
