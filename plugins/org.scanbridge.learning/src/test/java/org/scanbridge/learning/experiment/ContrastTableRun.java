package org.scanbridge.learning.experiment;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs {@link ContrastTable} by Maven: {@code -Dtest=ContrastTableRun -Dcontrast.folder=<results> -Dcontrast.maps=<label maps>
 * -Dsteps=400 -Dengine.extremes=false}. No test of the build: its name keeps it out.
 */
class ContrastTableRun {

    @Test
    @EnabledIfSystemProperty(named = "contrast.folder", matches = ".+")
    void run() throws IOException {
        ContrastTable.main(new String[]{System.getProperty("contrast.folder"), System.getProperty("contrast.maps"),
            System.getProperty("contrast.methods", "all"), System.getProperty("contrast.seeds", "1,2,3"),
            System.getProperty("contrast.targets", "B1,B2,C1,C2")});
    }
}
