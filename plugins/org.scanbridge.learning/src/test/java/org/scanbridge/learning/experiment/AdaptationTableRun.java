package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs {@link AdaptationTable} by Maven; see docs/domain-adaptation.md. No test of the build: its name keeps it out. */
class AdaptationTableRun {

    @Test
    @EnabledIfSystemProperty(named = "adaptation.folder", matches = ".+")
    void run() throws IOException {
        final List<String> arguments = new ArrayList<>(
            List.of(System.getProperty("adaptation.folder"), System.getProperty("adaptation.methods", "all")));
        arguments.addAll(List.of(System.getProperty("adaptation.seeds", "1,2,3").split(",")));
        AdaptationTable.main(arguments.toArray(String[]::new));
    }
}
