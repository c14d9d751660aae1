package org.scanbridge.knime.batch;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.eclipse.core.runtime.Platform;
import org.eclipse.equinox.app.IApplication;
import org.eclipse.equinox.app.IApplicationContext;
import org.eclipse.osgi.service.datalocation.Location;
import org.knime.core.standin.extension.ExtensionSource;

/** The Equinox application behind {@code org.knime.product.KNIME_BATCH_APPLICATION}. */
public final class BatchApplication implements IApplication {

    @Override
    public Object start(final IApplicationContext context) throws IOException, URISyntaxException {
        final List<String> arguments =
            List.of((String[])context.getArguments().get(IApplicationContext.APPLICATION_ARGS));
        context.applicationRunning();
        final BatchSession session = new BatchSession(ExtensionSource.installed(), workspace(), System.out, System.err);
        final Thread hook = new Thread(session::terminate, "Batch termination");
        Runtime.getRuntime().addShutdownHook(hook);
        final int code = session.run(arguments);
        if (!session.isTerminating()) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return code;
    }

    private static Optional<Path> workspace() throws URISyntaxException {
        final Location location = Platform.getInstanceLocation();
        if (location == null || !location.isSet()) {
            return Optional.empty();
        }
        return Optional.of(Path.of(new URI("file", location.getURL().getPath(), null)));
    }

    @Override
    public void stop() {
        // The shutdown hook cancels the run; Equinox stops the application only when the process ends anyway.
    }
}
