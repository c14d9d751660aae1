package org.scanbridge.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The workflow of transfer learning with few cases, from DICOM files to the verdicts, with tiny networks and a few steps. */
class TransferWorkflowIT {

    private static final String NAME = "Learn a new site from few cases";

    @TempDir
    private Path m_root;

    @Test
    void writesTheVerdictsAndGoesOnWhereItStopped() throws Exception {
        final Installation installation = Installation.create(Files.createDirectories(m_root.resolve("a checkout")));
        final Path workflow = m_root.resolve(NAME);
        Installation.copyFolder(Path.of(System.getProperty("batch.script")).resolveSibling("workflows").resolve(NAME),
            workflow);
        final Path results = m_root.resolve("results");
        final String[] arguments = {"-reset", "-nosave", "-failonloaderror", "-workflowDir=" + workflow,
            "-workflow.variable=outputDir," + results + ",String", "-workflow.variable=repetitions,2,int",
            "-option=1,subjectsPerSite,4,int", "-option=1,size,24,int", "-option=4,training,2,double",
            "-option=4,validation,1,double", "-option=4,test,1,double", "-option=5,baseWidth,4,int",
            "-option=5,levels,2,int", "-option=5,patchSize,16,int", "-option=6,training/steps,3,int",
            "-option=7,training/steps,2,int", "-option=7,cases,1, 2,String", "-option=7,tuned,1, 15,String"};
        final Installation.Result run = installation.run(m_root, arguments);
        assertEquals(0, run.code(), run.output());
        assertTrue(run.output().contains("Results in " + results), run.output());
        final List<String> networks = Files.readAllLines(results.resolve("networks.csv"));
        assertEquals("start,test_site,trained_blocks,cases,seed,dice,lesion_f1,auc", networks.get(0));
        assertEquals(1 + 2 + 2 * 2 * 3, networks.size(), "head, source at both sites, seeds x cases x (depths + scratch)");
        final String page = Files.readString(results.resolve("transfer-learning.md"));
        for (final String verdict : List.of("| T1 |", "| T2 |", "| T4 |", "## Dice", "## Lesion F1")) {
            assertTrue(page.contains(verdict), verdict + " is not in " + page);
        }
        // a second run finds every network finished, and the same seed gives the same bytes
        final Installation.Result again = installation.run(m_root, arguments);
        assertEquals(0, again.code(), again.output());
        assertEquals(networks, Files.readAllLines(results.resolve("networks.csv")));
        assertEquals(page, Files.readString(results.resolve("transfer-learning.md")));
        assertTrue(!again.output().contains("Network 2 of 13: Step"), again.output());
    }
}
