package org.scanbridge.learning.experiment;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs {@link PlannerTable} by Maven; see docs/domain-adaptation.md. No test of the build: its name keeps it out. */
class PlannerTableRun {

    @Test
    @EnabledIfSystemProperty(named = "planner.folder", matches = ".+")
    void run() throws IOException {
        PlannerTable.main(new String[]{System.getProperty("planner.folder"), System.getProperty("planner.maps"),
            System.getProperty("planner.minutes", "30"), System.getProperty("planner.site", "A"),
            System.getProperty("planner.seed", "1"), System.getProperty("planner.times", "1,2")});
    }
}
