package org.scanbridge.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A workflow of the preprocessing nodes: DICOM files are resampled, turned and cropped, split, normalized by landmarks of
 * the training images alone, augmented, and the test images carried back to their own grids.
 */
class PreprocessingIT {

    private static final String NAME = "Prepare images";

    @TempDir
    private static Path s_root;

    private static Installation s_installation;

    private static Path s_workflow;

    @BeforeAll
    static void install() throws IOException {
        s_installation = Installation.create(Files.createDirectories(s_root.resolve("a checkout")));
        s_workflow = s_root.resolve(NAME);
        Installation.copyFolder(Path.of("src/test/resources", NAME), s_workflow);
    }

    private static Installation.Result run(final String... options) throws Exception {
        final String[] arguments = new String[4 + options.length];
        System.arraycopy(new String[]{"-reset", "-nosave", "-failonloaderror", "-workflowDir=" + s_workflow}, 0,
            arguments, 0, 4);
        System.arraycopy(options, 0, arguments, 4, options.length);
        return s_installation.run(s_root, arguments);
    }

    @Test
    void everyNodeRuns() throws Exception {
        final Installation.Result run = run();
        assertEquals(0, run.code(), run.output());
        assertTrue(run.output().contains("Workflow executed sucessfully"), run.output());
    }

    /** The scale was learned with other settings than those it is to be applied with. */
    @Test
    void aScaleLearnedOtherwiseStopsTheRun() throws Exception {
        final Installation.Result run = run("-option=6,foreground,OTSU,String");
        assertEquals(4, run.code(), run.output());
        assertTrue(run.output().contains("Choose the settings that the scale was learned with"), run.output());
    }
}
