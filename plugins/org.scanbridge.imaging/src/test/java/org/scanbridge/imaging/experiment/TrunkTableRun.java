package org.scanbridge.imaging.experiment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs {@link TrunkTable} by Maven: {@code -Dtest=TrunkTableRun -Dtrunk=true}. No test of the build: its name keeps it out. */
class TrunkTableRun {

    @Test
    @EnabledIfSystemProperty(named = "trunk", matches = "true")
    void run() {
        TrunkTable.main(new String[0]);
    }
}
