package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs {@link HarmTable} by Maven. No test of the build: its name keeps it out. */
class HarmTableRun {

    @Test
    @EnabledIfSystemProperty(named = "harm.folder", matches = ".+")
    void run() throws IOException {
        final List<String> arguments = new ArrayList<>(List.of(System.getProperty("harm.folder")));
        arguments.addAll(List.of(System.getProperty("harm.seeds", "7").split(",")));
        HarmTable.main(arguments.toArray(String[]::new));
    }
}
