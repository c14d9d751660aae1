package org.knime.core.standin.extension;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataCellSerializer;
import org.knime.core.data.DataValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeLogger;

/** The cell classes and their serializers that extensions have registered at {@code org.knime.core.DataType}. */
public final class CellTypes {

    private static final String POINT = "org.knime.core.DataType";

    private static final NodeLogger LOGGER = NodeLogger.getLogger(CellTypes.class);

    private static final CellTypes INSTALLED = new CellTypes(ExtensionSource.installed());

    private final Map<String, Extension> m_serializers = new ConcurrentHashMap<>();

    private final Map<String, Extension> m_types = new ConcurrentHashMap<>();

    /** @param extensions where the registrations come from */
    public CellTypes(final ExtensionSource extensions) {
        for (final Extension type : extensions.extensions(POINT)) {
            if (type.name().equals("DataType")) {
                m_types.putIfAbsent(type.required("cellClass"), type);
                for (final Extension s : type.children()) {
                    if (s.name().equals("serializer")) {
                        m_serializers.putIfAbsent(s.required("cellClass"), s);
                    }
                }
            }
        }
    }

    /** @return what is installed */
    public static CellTypes installed() {
        return INSTALLED;
    }

    /**
     * @return a new serializer of cells of the class; empty if none is registered, or it cannot be loaded (logged)
     */
    @SuppressWarnings("unchecked") // the registration binds class and serializer
    public Optional<DataCellSerializer<DataCell>> serializer(final Class<? extends DataCell> cellClass) {
        final Extension e = m_serializers.get(cellClass.getName());
        if (e == null) {
            return Optional.empty();
        }
        try {
            return Optional.of((DataCellSerializer<DataCell>)e.create("serializerClass"));
        } catch (ReflectiveOperationException | LinkageError | ClassCastException ex) {
            LOGGER.error("Could not create data cell serializer for '" + cellClass.getName() + "' from plug-in '"
                + e.contributor() + "': " + ex.getMessage(), ex);
            return Optional.empty();
        }
    }

    /**
     * @return the registered cell class of that name
     * @throws InvalidSettingsException if no extension brings it
     */
    public Class<? extends DataCell> find(final String name) throws InvalidSettingsException {
        final Extension e = m_types.get(name);
        if (e == null) {
            throw new InvalidSettingsException("Data cell class \"" + name
                + "\" is not registered; install the extension that brings it");
        }
        try {
            return e.loadClass("cellClass").asSubclass(DataCell.class);
        } catch (ClassNotFoundException | ClassCastException ex) {
            throw new InvalidSettingsException("Could not load data cell class \"" + name + "\": " + ex.getMessage(),
                ex);
        }
    }

    /**
     * @return the installed cell class of that name
     * @throws InvalidSettingsException if no extension brings it
     */
    public static Class<? extends DataCell> cellClass(final String name) throws InvalidSettingsException {
        return INSTALLED.find(name);
    }

    /**
     * @return the value interface of that name
     * @throws InvalidSettingsException if neither this bundle has it nor a registered cell class declares it
     */
    public static Class<? extends DataValue> valueClass(final String name) throws InvalidSettingsException {
        try {
            return Class.forName(name, false, CellTypes.class.getClassLoader()).asSubclass(DataValue.class);
        } catch (ClassNotFoundException notOurs) {
            for (final String cell : INSTALLED.m_types.keySet()) {
                for (Class<?> c = INSTALLED.find(cell); c != null; c = c.getSuperclass()) {
                    for (final Class<?> i : c.getInterfaces()) {
                        if (i.getName().equals(name)) {
                            return i.asSubclass(DataValue.class);
                        }
                    }
                }
            }
            throw new InvalidSettingsException("Data value class \"" + name + "\" is unknown", notOurs);
        }
    }
}
