package org.scanbridge.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime as an installation has it: a fragment whose service and natives are found by the bundle that asks for them. */
class ForeignNetworkIT {

    private static final String NAME = "Read a network of other software";

    /** The logits 0.5 - x and x - 0.5 of [n, 1, d, h, w]. Made by onnx.helper of onnx 1.23.2. */
    private static final String THRESHOLD =
        "CAgSC29ubnguaGVscGVyOpkBChcKAXgKAXcKAWISBmxvZ2l0cyIEQ29udhIBZyoZCAIIAQgBCAEIARABQgF3SggAAIC/AACAPyoRCAIQAUIBYk"
            + "oIAAAAPwAAAL9aIwoBeBIeChwIARIYCgMSAW4KAggBCgMSAWQKAxIBaAoDEgF3YigKBmxvZ2l0cxIeChwIARIYCgMSAW4KAggCCgMSAWQK"
            + "AxIBaAoDEgF3QgQKABAR";

    @TempDir
    private Path m_root;

    @Test
    void anOnnxFileIsReadAndTried() throws Exception {
        final Installation installation = Installation.create(Files.createDirectories(m_root.resolve("a checkout")));
        final Path workflow = m_root.resolve(NAME);
        Installation.copyFolder(Path.of("src/test/resources", NAME), workflow);
        final Path file = Files.write(m_root.resolve("bought.onnx"), Base64.getDecoder().decode(THRESHOLD));
        final Installation.Result run = installation.run(m_root, "-reset", "-nosave", "-failonloaderror",
            "-workflowDir=" + workflow, "-option=1,path," + file + ",String");
        assertEquals(0, run.code(), run.output());
        assertTrue(run.output().contains("Network Reader (#1)  executed in"), run.output());
    }
}
