package org.knime.core.node.port;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.NodeLogger;
import org.knime.core.node.port.PortObject.PortObjectSerializer;
import org.knime.core.node.port.PortObjectSpec.PortObjectSpecSerializer;
import org.knime.core.standin.HostOnly;
import org.knime.core.standin.extension.Extension;
import org.knime.core.standin.extension.ExtensionSource;

/**
 * The port types that extensions have registered at {@code org.knime.core.PortType}. Asking for the type of a class
 * that nobody registered does not fail: it gives the generic type, whose objects then cannot be handed on.
 */
public final class PortTypeRegistry {

    private static final String POINT = "org.knime.core.PortType";

    private static final NodeLogger LOGGER = NodeLogger.getLogger(PortTypeRegistry.class);

    private static final int BLACK = 0;

    private static final PortTypeRegistry INSTANCE = new PortTypeRegistry(ExtensionSource.installed());

    private final Map<String, Extension> m_byObject = new ConcurrentHashMap<>();

    private final Map<String, Extension> m_bySpec = new ConcurrentHashMap<>();

    private final Map<Class<?>, PortType> m_types = new ConcurrentHashMap<>();

    /** @param extensions where the registrations come from; for the host and for tests */
    @HostOnly
    public PortTypeRegistry(final ExtensionSource extensions) {
        for (final Extension e : extensions.extensions(POINT)) {
            if (e.name().equals("portType")) {
                m_byObject.putIfAbsent(e.required("objectClass"), e);
                m_bySpec.putIfAbsent(e.required("specClass"), e);
            }
        }
        m_types.put(PortObject.class, PortType.GENERIC);
        m_types.put(BufferedDataTable.class,
            new PortType("Table", BufferedDataTable.class, DataTableSpec.class, BLACK, false, false));
    }

    /** @return the registry of everything installed */
    public static PortTypeRegistry getInstance() {
        return INSTANCE;
    }

    /** @return the type of ports for objects of the class, see {@link #getPortType(Class, boolean)} */
    public PortType getPortType(final Class<? extends PortObject> objectClass) {
        return getPortType(objectClass, false);
    }

    /**
     * @param objectClass the class of the objects
     * @param isOptional whether an input port may stay without connection
     * @return the type; the generic type if the class is not registered, or its serializer cannot be loaded
     * @throws ClassCastException if the registered serializer is none
     */
    public PortType getPortType(final Class<? extends PortObject> objectClass, final boolean isOptional) {
        PortType type = m_types.get(objectClass);
        if (type == null) {
            final Extension e = m_byObject.get(objectClass.getName());
            type = e == null || getObjectSerializer(objectClass).isEmpty() ? PortType.GENERIC : create(objectClass, e);
            m_types.put(objectClass, type);
        }
        return type.withOptional(isOptional);
    }

    private static PortType create(final Class<? extends PortObject> objectClass, final Extension e) {
        final String color = e.attribute("color");
        return new PortType(e.required("name"), objectClass, specClass(objectClass),
            color == null ? PortType.GENERIC.getColor() : Integer.decode(color),
            Boolean.parseBoolean(e.attribute("hidden")), false);
    }

    /** KNIME goes by the declared return type of {@code getSpec()}, not by the registration. */
    private static Class<? extends PortObjectSpec> specClass(final Class<? extends PortObject> objectClass) {
        try {
            final Method getSpec = objectClass.getMethod("getSpec");
            return getSpec.getReturnType().asSubclass(PortObjectSpec.class);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(objectClass.getName() + " has no public method getSpec()", e);
        }
    }

    /** @return the registered class of that name */
    public Optional<Class<? extends PortObject>> getObjectClass(final String name) {
        if (name.equals(BufferedDataTable.class.getName())) {
            return Optional.of(BufferedDataTable.class);
        }
        return load(m_byObject.get(name), "objectClass").map(c -> c.asSubclass(PortObject.class));
    }

    /** @return the registered class of that name */
    public Optional<Class<? extends PortObjectSpec>> getSpecClass(final String name) {
        if (name.equals(DataTableSpec.class.getName())) {
            return Optional.of(DataTableSpec.class);
        }
        return load(m_bySpec.get(name), "specClass").map(c -> c.asSubclass(PortObjectSpec.class));
    }

    private static Optional<Class<?>> load(final Extension e, final String attribute) {
        if (e == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(e.loadClass(attribute));
        } catch (ClassNotFoundException | LinkageError ex) {
            LOGGER.error("Could not load class \"" + e.attribute(attribute) + "\" from plug-in '" + e.contributor()
                + "': " + ex.getMessage(), ex);
            return Optional.empty();
        }
    }

    /** @return the registered serializer of objects of the class, if there is one that can be loaded */
    @SuppressWarnings("unchecked") // the registration binds class and serializer
    public <T extends PortObject> Optional<PortObjectSerializer<T>> getObjectSerializer(final Class<T> objectClass) {
        return serializer(m_byObject.get(objectClass.getName()), "objectSerializer", "port object serializer",
            objectClass.getName()).map(s -> (PortObjectSerializer<T>)PortObjectSerializer.class.cast(s));
    }

    /** @return the registered serializer of specs of the class, if there is one that can be loaded */
    @SuppressWarnings("unchecked") // the registration binds class and serializer
    public <T extends PortObjectSpec> Optional<PortObjectSpecSerializer<T>>
        getSpecSerializer(final Class<T> specClass) {
        if (specClass == DataTableSpec.class) {
            return Optional.of((PortObjectSpecSerializer<T>)new DataTableSpec.Serializer());
        }
        final Optional<Object> own = serializer(m_bySpec.get(specClass.getName()), "specSerializer",
            "port object spec serializer", specClass.getName());
        if (own.isEmpty() && AbstractSimplePortObjectSpec.class.isAssignableFrom(specClass)) {
            return Optional.of((PortObjectSpecSerializer<T>)new SimpleSpecFormat<>(
                specClass.asSubclass(AbstractSimplePortObjectSpec.class)));
        }
        return own.map(s -> (PortObjectSpecSerializer<T>)PortObjectSpecSerializer.class.cast(s));
    }

    private static Optional<Object> serializer(final Extension e, final String attribute, final String what,
        final String className) {
        if (e == null || e.attribute(attribute) == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(e.create(attribute));
        } catch (ReflectiveOperationException | LinkageError ex) {
            LOGGER.error("Could not create " + what + " for '" + className + "' from plug-in '" + e.contributor()
                + "': unable to load class '" + e.attribute(attribute) + "': " + ex.getMessage(), ex);
            return Optional.empty();
        }
    }
}
