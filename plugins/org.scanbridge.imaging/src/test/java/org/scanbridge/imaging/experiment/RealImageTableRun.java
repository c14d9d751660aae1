package org.scanbridge.imaging.experiment;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs {@link RealImageTable} by Maven: {@code -Dtest=RealImageTableRun -Datlas.folder=<label maps> -Dreal.folder=<scans>}. No test
 * of the build: its name keeps it out.
 */
class RealImageTableRun {

    @Test
    @EnabledIfSystemProperty(named = "real.folder", matches = ".+")
    void run() throws IOException {
        RealImageTable.main(new String[]{System.getProperty("atlas.folder"), System.getProperty("real.folder")});
    }
}
