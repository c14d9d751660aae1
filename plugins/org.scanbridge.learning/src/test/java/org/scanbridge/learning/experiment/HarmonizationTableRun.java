package org.scanbridge.learning.experiment;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs {@link HarmonizationTable} by Maven: {@code -Dtest=HarmonizationTableRun -Dharmonization.folder=<results>
 * -Dharmonization.maps=<label maps>}; without label maps, phantoms only. No test of the build: its name keeps it out.
 */
class HarmonizationTableRun {

    @Test
    @EnabledIfSystemProperty(named = "harmonization.folder", matches = ".+")
    void run() throws IOException {
        final String maps = System.getProperty("harmonization.maps", "");
        final String folder = System.getProperty("harmonization.folder");
        HarmonizationTable.main(maps.isEmpty() ? new String[]{folder} : new String[]{folder, maps});
    }
}
