package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs {@link AnomalyTable} by Maven; see docs/anomaly-maps.md. No test of the build: its name keeps it out. */
class AnomalyTableRun {

    @Test
    @EnabledIfSystemProperty(named = "anomaly.folder", matches = ".+")
    void run() throws IOException {
        final List<String> arguments = new ArrayList<>(List.of(System.getProperty("anomaly.folder"),
            System.getProperty("steps", "400"), System.getProperty("labeledSteps", "250"),
            System.getProperty("anomaly.data", "phantoms")));
        arguments.addAll(List.of(System.getProperty("anomaly.seeds", "1,2,3").split(",")));
        AnomalyTable.main(arguments.toArray(String[]::new));
    }
}
