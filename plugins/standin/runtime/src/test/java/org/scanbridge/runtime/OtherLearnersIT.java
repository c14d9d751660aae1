package org.scanbridge.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The learners that no workflow of the documentation has, from DICOM files to their results, with tiny networks: adaptation
 * with norms per site, generalization, image translation and adversarial normalization.
 */
class OtherLearnersIT {

    private static final String NAME = "Learn in other ways";

    @TempDir
    private Path m_root;

    @Test
    void everyNodeRuns() throws Exception {
        final Installation installation = Installation.create(Files.createDirectories(m_root.resolve("a checkout")));
        final Path workflow = m_root.resolve(NAME);
        Installation.copyFolder(Path.of("src/test/resources", NAME), workflow);
        final Installation.Result run =
            installation.run(m_root, "-reset", "-nosave", "-failonloaderror", "-workflowDir=" + workflow);
        assertEquals(0, run.code(), run.output());
        for (final String node : List.of("Domain Adaptation Learner (#6)", "Domain Generalization Learner (#8)",
            "Image Translation Learner (#9)", "Learned Normalizer (#10)", "Adversarial Normalization Learner (#11)",
            "Segmentation Predictor (#12)", "Segmentation Predictor (#13)")) {
            assertTrue(run.output().contains(node + "  executed in"), node + " in " + run.output());
        }
        // another extension's copy of a library of ours stays its own while we train
        assertEquals(ForeignJavaCpp.expectedLines(),
            run.output().lines().filter(line -> line.startsWith("JavaCPP ")).toList(), run.output());
    }
}
