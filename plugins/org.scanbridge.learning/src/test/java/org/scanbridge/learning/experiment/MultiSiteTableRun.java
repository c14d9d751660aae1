package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs {@link MultiSiteTable} by Maven; see docs/domain-generalization.md. No test of the build: its name keeps it out. */
class MultiSiteTableRun {

    @Test
    @EnabledIfSystemProperty(named = "multisite.folder", matches = ".+")
    void run() throws IOException {
        final List<String> arguments = new ArrayList<>(
            List.of(System.getProperty("multisite.folder"), System.getProperty("multisite.methods", "all"),
                System.getProperty("multisite.data", "phantoms")));
        arguments.addAll(List.of(System.getProperty("multisite.seeds", "1,2,3").split(",")));
        MultiSiteTable.main(arguments.toArray(String[]::new));
    }
}
