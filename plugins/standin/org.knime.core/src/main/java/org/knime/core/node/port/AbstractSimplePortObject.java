package org.knime.core.node.port;

import java.io.IOException;

import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.ModelContent;
import org.knime.core.node.ModelContentRO;
import org.knime.core.node.ModelContentWO;

/** A port object whose content is a small tree of values; needs a public constructor without parameters. */
public abstract class AbstractSimplePortObject extends AbstractPortObject {

    private static final int VERSION = 1;

    /** Writes the content. */
    protected abstract void save(ModelContentWO model, ExecutionMonitor exec) throws CanceledExecutionException;

    /** Reads the content. */
    protected abstract void load(ModelContentRO model, PortObjectSpec spec, ExecutionMonitor exec)
        throws InvalidSettingsException, CanceledExecutionException;

    @Override
    protected final void save(final PortObjectZipOutputStream out, final ExecutionMonitor exec)
        throws IOException, CanceledExecutionException {
        final ModelContent content = new ModelContent(SimpleContent.ROOT);
        content.addInt("version", VERSION);
        content.addString(SimpleContent.CLASS_NAME, getClass().getName());
        save(content.addModelContent(SimpleContent.MODEL), exec);
        SimpleContent.write(content, out);
    }

    @Override
    protected final void load(final PortObjectZipInputStream in, final PortObjectSpec spec,
        final ExecutionMonitor exec) throws IOException, CanceledExecutionException {
        final ModelContentRO content = SimpleContent.read(in);
        try {
            load(content.getModelContent(SimpleContent.MODEL), spec, exec);
        } catch (InvalidSettingsException e) {
            throw new IOException("Unable to load content into \"" + getClass().getName() + "\": " + e.getMessage(), e);
        }
    }

    /**
     * Writes and reads such objects.
     *
     * @param <T> the class of the objects; sub-classes must bind it literally
     */
    public abstract static class AbstractSimplePortObjectSerializer<T extends AbstractSimplePortObject>
        extends AbstractPortObjectSerializer<T> {
    }
}
