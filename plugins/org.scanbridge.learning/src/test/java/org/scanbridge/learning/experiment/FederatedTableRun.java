package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs {@link FederatedTable} by Maven; see docs/federated.md. No test of the build: its name keeps it out. */
class FederatedTableRun {

    @Test
    @EnabledIfSystemProperty(named = "federated.folder", matches = ".+")
    void run() throws IOException {
        final List<String> arguments = new ArrayList<>(List.of(System.getProperty("federated.folder"),
            System.getProperty("federated.part", "all"), System.getProperty("federated.data", "phantoms")));
        arguments.addAll(List.of(System.getProperty("federated.seeds", "1,2,3").split(",")));
        FederatedTable.main(arguments.toArray(String[]::new));
    }
}
