package org.knime.core.node.port;

import java.io.IOException;

import javax.swing.JComponent;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.ModelContentRO;
import org.knime.core.node.ModelContentWO;

/** A spec whose content is a small tree of values; needs a public constructor without parameters. */
public abstract class AbstractSimplePortObjectSpec implements PortObjectSpec {

    /** Writes the content. */
    protected abstract void save(ModelContentWO model);

    /** Reads the content. */
    protected abstract void load(ModelContentRO model) throws InvalidSettingsException;

    @Override
    public JComponent[] getViews() {
        return new JComponent[0];
    }

    /**
     * Writes and reads such specs.
     *
     * @param <T> the class of the specs; sub-classes must bind it literally
     */
    public abstract static class AbstractSimplePortObjectSpecSerializer<T extends AbstractSimplePortObjectSpec>
        extends PortObjectSpecSerializer<T> {

        @Override
        public final void savePortObjectSpec(final T spec, final PortObjectSpecZipOutputStream out)
            throws IOException {
            format().savePortObjectSpec(spec, out);
        }

        @Override
        public final T loadPortObjectSpec(final PortObjectSpecZipInputStream in) throws IOException {
            return format().loadPortObjectSpec(in);
        }

        private SimpleSpecFormat<T> format() {
            return new SimpleSpecFormat<>(BoundClass.<T> ofSerializer(getClass()).type());
        }
    }
}
