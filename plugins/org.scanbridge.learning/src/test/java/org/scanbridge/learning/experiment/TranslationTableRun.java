package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs {@link TranslationTable} by Maven; see docs/domain-adaptation.md. No test of the build: its name keeps it out. */
class TranslationTableRun {

    @Test
    @EnabledIfSystemProperty(named = "adaptation.folder", matches = ".+")
    void run() throws IOException {
        final List<String> arguments = new ArrayList<>(List.of(System.getProperty("adaptation.folder")));
        arguments.addAll(List.of(System.getProperty("adaptation.seeds", "1,2,3").split(",")));
        TranslationTable.main(arguments.toArray(String[]::new));
    }
}
