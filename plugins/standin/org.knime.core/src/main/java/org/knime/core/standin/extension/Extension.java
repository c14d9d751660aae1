package org.knime.core.standin.extension;

/** One element that an extension contributes to an extension point, whatever it was read from. */
public interface Extension {

    /** @return the name of the element */
    String name();

    /** @return the symbolic name of the contributing bundle, or where the plugin.xml lies */
    String contributor();

    /** @return the attribute, or null */
    String attribute(String name);

    /** @return the elements within this one */
    java.util.List<Extension> children();

    /**
     * @param attribute the attribute holding the class name
     * @return the class, loaded by the contributor but not initialized
     * @throws ClassNotFoundException if the contributor has no such class
     */
    Class<?> loadClass(String attribute) throws ClassNotFoundException;

    /**
     * @param attribute the attribute holding the class name
     * @return a new instance made by the public constructor without parameters
     * @throws ReflectiveOperationException if the class cannot be loaded or instantiated
     */
    default Object create(final String attribute) throws ReflectiveOperationException {
        return loadClass(attribute).getConstructor().newInstance();
    }

    /**
     * @return the attribute
     * @throws IllegalArgumentException if it is missing
     */
    default String required(final String name) {
        final String value = attribute(name);
        if (value == null) {
            throw new IllegalArgumentException("plugin.xml of '" + contributor() + "': element <" + name()
                + "> needs the attribute \"" + name + '"');
        }
        return value;
    }
}
