package org.scanbridge.knime.batch;

import java.util.List;

import org.eclipse.equinox.app.IApplication;
import org.eclipse.equinox.app.IApplicationContext;
import org.scanbridge.knime.batch.arguments.BatchArgumentsParser;
import org.scanbridge.knime.batch.arguments.Usage;
import org.scanbridge.knime.batch.arguments.WrongArgumentException;

/** The Equinox application behind {@code org.knime.product.KNIME_BATCH_APPLICATION}. */
public final class BatchApplication implements IApplication {

    @Override
    public Object start(final IApplicationContext context) {
        final List<String> arguments = List.of((String[])context.getArguments().get(IApplicationContext.APPLICATION_ARGS));
        if (arguments.isEmpty()) {
            System.err.print(Usage.TEXT);
            return ExitCode.SUCCESS.code();
        }
        try {
            System.out.println(BatchArgumentsParser.parse(arguments));
        } catch (WrongArgumentException ex) {
            System.err.println(ex.getMessage());
            return ExitCode.WRONG_ARGUMENTS.code();
        }
        return ExitCode.SUCCESS.code();
    }

    @Override
    public void stop() {
        // Nothing to do
    }
}
