package org.knime.core.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.knime.core.data.collection.CollectionDataValue;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.config.ConfigRO;
import org.knime.core.node.config.ConfigWO;
import org.knime.core.standin.extension.CellTypes;

/**
 * The type of a column: the value interfaces all its cells implement. A <em>native</em> type is that of one cell class;
 * a non-native type is what is common to several. A missing cell fits into a column of any type.
 */
public final class DataType {

    private static final String CELL_CLASS = "cell_class";

    private static final String COLLECTION_ELEMENT_TYPE = "collection_element_type";

    private final Class<? extends DataCell> m_cellClass;

    private final List<Class<? extends DataValue>> m_valueClasses;

    private final DataType m_elementType;

    private DataType(final Class<? extends DataCell> cellClass, final List<Class<? extends DataValue>> valueClasses,
        final DataType elementType) {
        m_cellClass = cellClass;
        m_valueClasses = valueClasses;
        m_elementType = elementType;
    }

    /** @return the type of the cells of a class */
    public static DataType getType(final Class<? extends DataCell> cellClass) {
        return getType(cellClass, null);
    }

    /**
     * @param cellClass the class of the cells
     * @param elementType the type of the elements if the class is a collection, else null
     * @return the type
     */
    public static DataType getType(final Class<? extends DataCell> cellClass, final DataType elementType) {
        final boolean collection = CollectionDataValue.class.isAssignableFrom(cellClass);
        if (collection != (elementType != null)) {
            throw new IllegalArgumentException(cellClass.getName()
                + (collection ? " is a collection: its type needs an element type" : " is no collection"));
        }
        return new DataType(cellClass, valueClasses(cellClass), elementType);
    }

    static DataType typeOf(final DataCell cell) {
        return cell instanceof CollectionDataValue c ? getType(cell.getClass(), c.getElementType())
            : getType(cell.getClass(), null);
    }

    /** The value interfaces of a class, its own first, in the order of declaration. */
    private static List<Class<? extends DataValue>> valueClasses(final Class<?> cellClass) {
        final Set<Class<? extends DataValue>> found = new LinkedHashSet<>();
        for (Class<?> c = cellClass; c != null; c = c.getSuperclass()) {
            for (final Class<?> i : c.getInterfaces()) {
                addValueClasses(i, found);
            }
        }
        found.remove(DataValue.class);
        found.add(DataValue.class);
        return List.copyOf(found);
    }

    private static void addValueClasses(final Class<?> type, final Set<Class<? extends DataValue>> found) {
        if (DataValue.class.isAssignableFrom(type)) {
            found.add(type.asSubclass(DataValue.class));
            for (final Class<?> i : type.getInterfaces()) {
                addValueClasses(i, found);
            }
        }
    }

    /** @return the missing cell that fits into every column */
    public static DataCell getMissingCell() {
        return MissingCell.INSTANCE;
    }

    /** @return the description of a value interface: its own {@code UTILITY}, or that of {@link DataValue} */
    public static DataValue.UtilityFactory getUtilityFor(final Class<? extends DataValue> valueClass) {
        try {
            return (DataValue.UtilityFactory)valueClass.getField("UTILITY").get(null);
        } catch (NoSuchFieldException | IllegalAccessException e) {
            throw new IllegalStateException("Value interface " + valueClass.getName()
                + " has no accessible constant UTILITY; is the interface public?", e);
        }
    }

    /** @return the most specific type that both are compatible with */
    public static DataType getCommonSuperType(final DataType a, final DataType b) {
        if (a.equals(b) || b.isMissingType()) {
            return a;
        }
        if (a.isMissingType()) {
            return b;
        }
        if (a.m_elementType != null && b.m_elementType != null && a.m_cellClass == b.m_cellClass) {
            return new DataType(a.m_cellClass, a.m_valueClasses, getCommonSuperType(a.m_elementType, b.m_elementType));
        }
        final List<Class<? extends DataValue>> common = new ArrayList<>(a.m_valueClasses);
        common.retainAll(b.m_valueClasses);
        return new DataType(null, List.copyOf(common), null);
    }

    /** @return the most specific type all cells are compatible with; that of missing cells if there are none */
    public static DataType getCommonSuperType(final Collection<? extends DataCell> cells) {
        DataType type = MissingCell.INSTANCE.getType();
        for (final DataCell c : cells) {
            type = getCommonSuperType(type, c.getType());
        }
        return type;
    }

    private boolean isMissingType() {
        return m_cellClass == MissingCell.class;
    }

    /** @return whether cells of this type can be read as the value interface; always true for missing cells */
    public boolean isCompatible(final Class<? extends DataValue> valueClass) {
        return isMissingType() || m_valueClasses.contains(valueClass);
    }

    /** @return whether every cell of the other type fits into a column of this one */
    public boolean isASuperTypeOf(final DataType other) {
        if (equals(other) || other.isMissingType()) {
            return true;
        }
        if (m_elementType != null) {
            return other.m_elementType != null && m_cellClass == other.m_cellClass
                && m_elementType.isASuperTypeOf(other.m_elementType);
        }
        return m_cellClass == null && other.m_valueClasses.containsAll(m_valueClasses);
    }

    /** @return the value interfaces, the preferred one first */
    public List<Class<? extends DataValue>> getValueClasses() {
        return m_valueClasses;
    }

    /** @return the first value interface the cell class declares, or the first common one of a non-native type */
    public Class<? extends DataValue> getPreferredValueClass() {
        return m_valueClasses.get(0);
    }

    /** @return the cell class, or null for a non-native type */
    public Class<? extends DataCell> getCellClass() {
        return m_cellClass;
    }

    /** @return whether the cells are collections */
    public boolean isCollectionType() {
        return m_elementType != null;
    }

    /** @return the type of a collection's elements, or null */
    public DataType getCollectionElementType() {
        return m_elementType;
    }

    /** @return the name users see */
    public String getName() {
        if (m_cellClass == null) {
            return "Non-Native " + m_valueClasses;
        }
        if (m_elementType != null) {
            return "List (Collection of: " + m_elementType.getName() + ")";
        }
        return getUtilityFor(getPreferredValueClass()) instanceof ExtensibleUtilityFactory u ? u.getName()
            : m_cellClass.getSimpleName();
    }

    /** @return a technical name: the class name of the cells, or the value interfaces */
    public String getIdentifier() {
        final String own = m_cellClass == null ? m_valueClasses.toString() : m_cellClass.getName();
        return m_elementType == null ? own : own + "(" + m_elementType.getIdentifier() + ")";
    }

    /** Writes this type. */
    public void save(final ConfigWO config) {
        config.addString(CELL_CLASS, m_cellClass == null ? null : m_cellClass.getName());
        if (m_cellClass == null) {
            config.addStringArray("value_classes", m_valueClasses.stream().map(Class::getName).toArray(String[]::new));
        }
        if (m_elementType != null) {
            m_elementType.save(config.addConfig(COLLECTION_ELEMENT_TYPE));
        }
    }

    /**
     * @param config what {@link #save} wrote
     * @return the type
     * @throws InvalidSettingsException if a class is unknown: the extension that brings it is not installed
     */
    public static DataType load(final ConfigRO config) throws InvalidSettingsException {
        final String cellClass = config.getString(CELL_CLASS);
        if (cellClass == null) {
            final List<Class<? extends DataValue>> values = new ArrayList<>();
            for (final String name : config.getStringArray("value_classes")) {
                values.add(CellTypes.valueClass(name));
            }
            return new DataType(null, List.copyOf(values), null);
        }
        final DataType element =
            config.containsKey(COLLECTION_ELEMENT_TYPE) ? load(config.getConfig(COLLECTION_ELEMENT_TYPE)) : null;
        return getType(CellTypes.cellClass(cellClass), element);
    }

    @Override
    public String toString() {
        return getName();
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof DataType t && m_cellClass == t.m_cellClass && Objects.equals(m_elementType, t.m_elementType)
            && (m_cellClass != null || Set.copyOf(m_valueClasses).equals(Set.copyOf(t.m_valueClasses)));
    }

    @Override
    public int hashCode() {
        return m_cellClass == null ? Set.copyOf(m_valueClasses).hashCode() : Objects.hash(m_cellClass, m_elementType);
    }
}
