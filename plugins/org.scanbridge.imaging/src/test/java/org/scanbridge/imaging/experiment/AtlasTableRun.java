package org.scanbridge.imaging.experiment;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs {@link AtlasTable} by Maven: {@code -Dtest=AtlasTableRun -Datlas.folder=<label maps> -Datlas.spacing=2
 * -Datlas.sites=report}. No test of the build: its name keeps it out.
 */
class AtlasTableRun {

    @Test
    @EnabledIfSystemProperty(named = "atlas.folder", matches = ".+")
    void run() throws IOException {
        AtlasTable.main(new String[]{System.getProperty("atlas.folder"), System.getProperty("atlas.spacing", "2"),
            System.getProperty("atlas.sites", "report")});
    }
}
