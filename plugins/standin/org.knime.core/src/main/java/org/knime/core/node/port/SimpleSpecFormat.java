package org.knime.core.node.port;

import java.io.IOException;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.ModelContent;

/**
 * How simple specs are written: with their own serializer, and by KNIME also where that is not registered or cannot be
 * loaded.
 *
 * @param <T> the class of the specs
 */
final class SimpleSpecFormat<T extends AbstractSimplePortObjectSpec>
    extends PortObjectSpec.PortObjectSpecSerializer<T> {

    private final Class<T> m_specClass;

    SimpleSpecFormat(final Class<T> specClass) {
        m_specClass = specClass;
    }

    @Override
    public void savePortObjectSpec(final T spec, final PortObjectSpecZipOutputStream out) throws IOException {
        final ModelContent content = new ModelContent(SimpleContent.ROOT);
        content.addString(SimpleContent.CLASS_NAME, spec.getClass().getName());
        spec.save(content.addModelContent(SimpleContent.MODEL));
        SimpleContent.write(content, out);
    }

    @Override
    public T loadPortObjectSpec(final PortObjectSpecZipInputStream in) throws IOException {
        final T spec = new BoundClass<>(m_specClass).newInstance();
        try {
            spec.load(SimpleContent.read(in).getModelContent(SimpleContent.MODEL));
        } catch (InvalidSettingsException e) {
            throw new IOException("Unable to load content into \"" + m_specClass.getName() + "\": " + e.getMessage(),
                e);
        }
        return spec;
    }
}
