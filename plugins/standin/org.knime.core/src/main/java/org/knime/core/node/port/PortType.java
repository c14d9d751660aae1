package org.knime.core.node.port;

import java.util.Objects;

/** The kind of a port: the class of the objects that travel through it, and of their specs. */
public final class PortType {

    private static final int GRAY = 0x9B9B9B;

    static final PortType GENERIC =
        new PortType("Generic Port", PortObject.class, PortObjectSpec.class, GRAY, false, false);

    private final String m_name;

    private final Class<? extends PortObject> m_objectClass;

    private final Class<? extends PortObjectSpec> m_specClass;

    private final int m_color;

    private final boolean m_hidden;

    private final boolean m_optional;

    PortType(final String name, final Class<? extends PortObject> objectClass,
        final Class<? extends PortObjectSpec> specClass, final int color, final boolean hidden,
        final boolean optional) {
        m_name = name;
        m_objectClass = objectClass;
        m_specClass = specClass;
        m_color = color;
        m_hidden = hidden;
        m_optional = optional;
    }

    PortType withOptional(final boolean optional) {
        return optional == m_optional ? this
            : new PortType(m_name, m_objectClass, m_specClass, m_color, m_hidden, optional);
    }

    /** @return the name users see */
    public String getName() {
        return m_name;
    }

    /** @return the color, 0xRRGGBB */
    public int getColor() {
        return m_color;
    }

    /** @return the class of the objects */
    public Class<? extends PortObject> getPortObjectClass() {
        return m_objectClass;
    }

    /** @return the class of the specs */
    public Class<? extends PortObjectSpec> getPortObjectSpecClass() {
        return m_specClass;
    }

    /** @return whether an input port of this type may stay without connection */
    public boolean isOptional() {
        return m_optional;
    }

    /** @return whether the type is not offered to users for ports they add */
    public boolean isHidden() {
        return m_hidden;
    }

    /** @return whether the object may travel through a port of this type */
    public boolean acceptsPortObject(final PortObject object) {
        return m_objectClass.isInstance(object);
    }

    /** @return whether the spec may travel through a port of this type */
    public boolean acceptsPortObjectSpec(final PortObjectSpec spec) {
        return m_specClass.isInstance(spec);
    }

    /** @return whether everything that leaves a port of the other type may enter one of this type */
    public boolean isSuperTypeOf(final PortType other) {
        return m_objectClass.isAssignableFrom(other.m_objectClass);
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof PortType t && m_objectClass == t.m_objectClass && m_specClass == t.m_specClass
            && m_optional == t.m_optional;
    }

    @Override
    public int hashCode() {
        return Objects.hash(m_objectClass, m_specClass, m_optional);
    }

    @Override
    public String toString() {
        return "PortType(" + m_specClass.getSimpleName() + "," + m_objectClass.getSimpleName() + ")";
    }
}
