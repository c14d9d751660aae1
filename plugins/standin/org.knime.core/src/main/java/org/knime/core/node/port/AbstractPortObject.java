package org.knime.core.node.port;

import java.io.IOException;

import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.ExecutionMonitor;

/** A port object that writes and reads itself; needs a public constructor without parameters. */
public abstract class AbstractPortObject implements PortObject {

    /** Writes this object. */
    protected abstract void save(PortObjectZipOutputStream out, ExecutionMonitor exec)
        throws IOException, CanceledExecutionException;

    /** Reads what {@link #save} wrote into this object. */
    protected abstract void load(PortObjectZipInputStream in, PortObjectSpec spec, ExecutionMonitor exec)
        throws IOException, CanceledExecutionException;

    /**
     * Writes and reads such objects.
     *
     * @param <T> the class of the objects; sub-classes must bind it literally
     */
    public abstract static class AbstractPortObjectSerializer<T extends AbstractPortObject>
        extends PortObjectSerializer<T> {

        @Override
        public final void savePortObject(final T portObject, final PortObjectZipOutputStream out,
            final ExecutionMonitor exec) throws IOException, CanceledExecutionException {
            portObject.save(out, exec);
        }

        @Override
        public final T loadPortObject(final PortObjectZipInputStream in, final PortObjectSpec spec,
            final ExecutionMonitor exec) throws IOException, CanceledExecutionException {
            final T object = BoundClass.<T>ofSerializer(getClass()).newInstance();
            object.load(in, spec, exec);
            return object;
        }
    }
}
