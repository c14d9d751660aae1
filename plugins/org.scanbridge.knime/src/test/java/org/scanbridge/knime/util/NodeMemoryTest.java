package org.scanbridge.knime.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.knime.core.node.KNIMEException;
import org.knime.core.standin.extension.ExtensionSource;
import org.knime.core.standin.run.NodeCatalog;

/**
 * The table of the user guide says what the nodes check before they start. After a change of {@link NodeMemory}, have it
 * written again with {@code -Dscanbridge.rewriteNodeMemory=true}.
 */
class NodeMemoryTest {

    private static final Path GUIDE = Path.of(System.getProperty("basedir", ".")).resolve("../../docs/user-guide.md");

    private static final String HEAD = "| node | bytes |\n|---|---|\n";

    @Test
    void theGuideSaysWhatIsChecked() throws Exception {
        final String table = HEAD
            + Arrays.stream(NodeMemory.values()).map(m -> m.statement() + "\n").collect(Collectors.joining());
        final String guide = Files.readString(GUIDE);
        final int from = guide.indexOf(HEAD);
        assertTrue(from > 0, "docs/user-guide.md has no table of memory");
        final int to = guide.indexOf("\n\n", from) + 1;
        if (Boolean.getBoolean("scanbridge.rewriteNodeMemory")) {
            Files.writeString(GUIDE, guide.substring(0, from) + table + guide.substring(to));
            return;
        }
        assertEquals(table, guide.substring(from, to),
            "run this test with -Dscanbridge.rewriteNodeMemory=true to have the table of docs/user-guide.md written");
    }

    @Test
    void everyNodeIsInIt() throws Exception {
        final String statements =
            Arrays.stream(NodeMemory.values()).map(NodeMemory::statement).collect(Collectors.joining("\n"));
        final TreeSet<String> absent = new TreeSet<>();
        for (final NodeCatalog.Node node : new NodeCatalog(ExtensionSource.installed()).nodes()) {
            final String name = node.createFactory().getNodeName();
            if (node.factoryClass().startsWith("org.scanbridge.knime.") && !statements.contains(name)
                && !name.matches(".*(Learner|Study)")) {
                absent.add(name);
            }
        }
        assertTrue(absent.isEmpty(), absent.toString());
    }

    @Test
    void bytesAreThoseOfTheParts() {
        // a whole head at 1 mm: image and result 4 bytes each and the foreground's bits, a mask of 1 byte
        assertEquals(10L * 256 * 256 * 176, NodeMemory.NORMALIZER.bytes(256 * 256 * 176, 256 * 256 * 176, 0));
        assertThrows(IllegalArgumentException.class, () -> NodeMemory.NORMALIZER.bytes(1));
    }

    @Test
    void whatFitsIsLetThroughAndWhatDoesNotIsRefusedWithAdvice() throws Exception {
        HeapNeed.of("row Row0", 1 << 20).require();
        HeapNeed.of("nothing", 0).require();
        final HeapNeed need = new HeapNeed();
        need.add("row Row1", Long.MAX_VALUE / 2);
        need.add("row Row2", 5);
        final String message = assertThrows(KNIMEException.class, need::require).getMessage();
        assertTrue(message.startsWith("The images do not fit into memory: row Row1 needs ") && message.contains("-Xmx")
            && message.contains("SCANBRIDGE_HEAP") && message.contains("Volume Resampler"), message);
    }
}
