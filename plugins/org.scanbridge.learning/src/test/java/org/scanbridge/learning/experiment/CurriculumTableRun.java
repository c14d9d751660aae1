package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs {@link CurriculumTable} by Maven; see docs/federated.md. No test of the build: its name keeps it out. */
class CurriculumTableRun {

    @Test
    @EnabledIfSystemProperty(named = "curriculum.folder", matches = ".+")
    void run() throws IOException {
        final List<String> arguments = new ArrayList<>(List.of(System.getProperty("curriculum.folder"),
            System.getProperty("steps", "200"), System.getProperty("curriculum.data", "phantoms")));
        arguments.addAll(List.of(System.getProperty("curriculum.seeds", "1,2,3").split(",")));
        CurriculumTable.main(arguments.toArray(String[]::new));
    }
}
