package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs {@link GeneralizationExperiment} by Maven; see docs/domain-generalization.md. No test of the build. */
class GeneralizationExperimentRun {

    @Test
    @EnabledIfSystemProperty(named = "generalization.folder", matches = ".+")
    void run() throws IOException {
        final List<String> arguments = new ArrayList<>(List.of(System.getProperty("generalization.folder"),
            System.getProperty("generalization.methods", "pooled,masf")));
        arguments.addAll(List.of(System.getProperty("generalization.seeds", "1,2,3").split(",")));
        GeneralizationExperiment.main(arguments.toArray(String[]::new));
    }
}
