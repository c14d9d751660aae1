package org.scanbridge.knime.testing;

import java.io.IOException;
import java.nio.file.Path;

import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;

/** JavaScript modules of the pages, run in the Java VM as they are shipped: whatever needs no page can be tested anywhere. */
public final class Scripts implements AutoCloseable {

    private final Context m_context = Context.newBuilder("js").allowIO(IOAccess.ALL).allowHostAccess(HostAccess.ALL)
        .option("engine.WarnInterpreterOnly", "false").option("js.esm-eval-returns-exports", "true")
        .allowExperimentalOptions(true).build();

    /** What a module of {@code src/test/resources/web} exports. */
    public Value test(final String file) throws IOException {
        return module(Path.of("src/test/resources/web", file));
    }

    /** What a module of {@code src/main/resources/web} exports. */
    public Value shipped(final String file) throws IOException {
        return module(Path.of("src/main/resources/web", file));
    }

    private Value module(final Path file) throws IOException {
        return m_context.eval(Source.newBuilder("js", file.toAbsolutePath().toFile())
            .mimeType("application/javascript+module").build());
    }

    @Override
    public void close() {
        m_context.close();
    }
}
