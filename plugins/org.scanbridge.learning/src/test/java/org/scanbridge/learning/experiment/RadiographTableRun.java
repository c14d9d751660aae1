package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Runs {@link RadiographTable} by Maven: {@code -Dtest=RadiographTableRun -Dradiographs.folder=<results>
 * -Dradiographs.seeds=1,2,3 -Dengine.extremes=false}. No test of the build: its name keeps it out.
 */
class RadiographTableRun {

    @Test
    @EnabledIfSystemProperty(named = "radiographs.folder", matches = ".+")
    void run() throws IOException {
        final List<String> arguments = new ArrayList<>(
            List.of(System.getProperty("radiographs.folder"), System.getProperty("radiographs.methods", "all")));
        arguments.addAll(List.of(System.getProperty("radiographs.seeds", "1,2,3").split(",")));
        RadiographTable.main(arguments.toArray(String[]::new));
    }
}
