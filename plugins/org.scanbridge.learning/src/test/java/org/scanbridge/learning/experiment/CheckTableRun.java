package org.scanbridge.learning.experiment;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs {@link CheckTable} by Maven: {@code -Dtest=CheckTableRun -Dcheck.folder=<results> -Dcheck.maps=<label maps>
 * -Dsteps=400 -Dengine.extremes=false}. No test of the build: its name keeps it out.
 */
class CheckTableRun {

    @Test
    @EnabledIfSystemProperty(named = "check.folder", matches = ".+")
    void run() throws IOException {
        CheckTable.main(new String[]{System.getProperty("check.folder"), System.getProperty("check.maps"),
            System.getProperty("check.sites", "choose"), System.getProperty("check.networks", "all")});
    }
}
