package org.scanbridge.learning.experiment;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Runs {@link PatchTransferTable} by Maven; see docs/transfer-learning.md. No test of the build: its name keeps it out. */
class PatchTransferTableRun {

    @Test
    @EnabledIfSystemProperty(named = "transfer.folder", matches = ".+")
    void run() throws IOException {
        PatchTransferTable.main(new String[]{System.getProperty("transfer.folder"),
            System.getProperty("transfer.repetitions", "3"), System.getProperty("transfer.steps", "120"),
            System.getProperty("transfer.data", "phantoms")});
    }
}
