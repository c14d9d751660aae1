package org.knime.core.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import javax.swing.JComponent;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.ModelContent;
import org.knime.core.node.ModelContentRO;
import org.knime.core.node.config.ConfigRO;
import org.knime.core.node.config.ConfigWO;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortObjectSpecZipInputStream;
import org.knime.core.node.port.PortObjectSpecZipOutputStream;
import org.knime.core.standin.table.SpecConfig;

/** The columns of a table: what is known before there are rows. Column names are unique. */
public final class DataTableSpec implements PortObjectSpec, Iterable<DataColumnSpec> {

    static final String DEFAULT_NAME = "default";

    private final String m_name;

    private final List<DataColumnSpec> m_columns;

    private final Map<String, Integer> m_indexes = new LinkedHashMap<>();

    private final Map<String, String> m_properties;

    DataTableSpec(final String name, final List<DataColumnSpec> columns, final Map<String, String> properties) {
        m_name = name;
        m_columns = List.copyOf(columns);
        m_properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        for (int i = 0; i < m_columns.size(); i++) {
            if (m_indexes.put(m_columns.get(i).getName(), i) != null) {
                throw new IllegalArgumentException(
                    "Duplicate column name: \"" + m_columns.get(i).getName() + "\" (index " + i + ")");
            }
        }
    }

    /**
     * @param columns the columns
     * @throws IllegalArgumentException if two have the same name
     */
    public DataTableSpec(final DataColumnSpec... columns) {
        this(DEFAULT_NAME, List.of(columns), Map.of());
    }

    /**
     * @param name the table's name
     * @param columns the columns
     * @throws IllegalArgumentException if two have the same name
     */
    public DataTableSpec(final String name, final DataColumnSpec... columns) {
        this(name == null ? DEFAULT_NAME : name, List.of(columns), Map.of());
    }

    /**
     * The columns of the first followed by those of the second.
     *
     * @throws IllegalArgumentException if two have the same name
     */
    public DataTableSpec(final DataTableSpec first, final DataTableSpec second) {
        this(DEFAULT_NAME, Stream.concat(first.stream(), second.stream()).toList(), Map.of());
    }

    /** @return the table's name */
    public String getName() {
        return m_name;
    }

    /** @return the table's properties */
    public Map<String, String> getProperties() {
        return m_properties;
    }

    /** @return the number of columns */
    public int getNumColumns() {
        return m_columns.size();
    }

    /** @return the column at the index, counted from 0 */
    public DataColumnSpec getColumnSpec(final int index) {
        return m_columns.get(index);
    }

    /** @return the column of that name, or null */
    public DataColumnSpec getColumnSpec(final String name) {
        final int i = findColumnIndex(name);
        return i < 0 ? null : m_columns.get(i);
    }

    /** @return the index of the column of that name, or -1 */
    public int findColumnIndex(final String name) {
        return m_indexes.getOrDefault(name, -1);
    }

    /** @return whether there is a column of that name */
    public boolean containsName(final String name) {
        return m_indexes.containsKey(name);
    }

    /** @return whether some column's cells can be read as the value interface */
    public boolean containsCompatibleType(final Class<? extends DataValue> valueClass) {
        return stream().anyMatch(c -> c.getType().isCompatible(valueClass));
    }

    /** @return the names of the columns, in order */
    public String[] getColumnNames() {
        return m_indexes.keySet().toArray(new String[0]);
    }

    /** @return the columns, in order */
    public Stream<DataColumnSpec> stream() {
        return m_columns.stream();
    }

    @Override
    public Iterator<DataColumnSpec> iterator() {
        return m_columns.iterator();
    }

    /** @return whether names and types of the columns are the same, in the same order */
    public boolean equalStructure(final DataTableSpec other) {
        if (other == null || other.getNumColumns() != getNumColumns()) {
            return false;
        }
        for (int i = 0; i < m_columns.size(); i++) {
            if (!m_columns.get(i).equalStructure(other.m_columns.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** @return the name, or the name followed by {@code " (#n)"} with the least n at which no column has it */
    public static String getUniqueColumnName(final DataTableSpec spec, final String name) {
        String unique = name;
        for (int i = 1; spec.containsName(unique); i++) {
            unique = name + " (#" + i + ")";
        }
        return unique;
    }

    /**
     * The union of the columns of several specs; types and domains of columns of the same name are merged.
     *
     * @return the merged spec
     */
    public static DataTableSpec mergeDataTableSpecs(final DataTableSpec... specs) {
        final Map<String, DataColumnSpec> merged = new LinkedHashMap<>();
        for (final DataTableSpec s : specs) {
            for (final DataColumnSpec c : s) {
                merged.merge(c.getName(), c, SpecConfig::merge);
            }
        }
        return new DataTableSpec(DEFAULT_NAME, new ArrayList<>(merged.values()), Map.of());
    }

    /** Writes this spec. */
    public void save(final ConfigWO config) {
        SpecConfig.save(this, config);
    }

    /**
     * @param config what {@link #save} wrote
     * @return the spec
     * @throws InvalidSettingsException if something is missing, or a cell class is unknown
     */
    public static DataTableSpec load(final ConfigRO config) throws InvalidSettingsException {
        return SpecConfig.load(config);
    }

    @Override
    public JComponent[] getViews() {
        return new JComponent[0];
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof DataTableSpec s && m_columns.equals(s.m_columns);
    }

    @Override
    public int hashCode() {
        return Objects.hash(m_columns);
    }

    @Override
    public String toString() {
        return "name=" + m_name + ",columns=" + m_columns;
    }

    /** Writes and reads specs of tables. */
    public static final class Serializer extends PortObjectSpecSerializer<DataTableSpec> {

        private static final String KEY = "spec.xml";

        @Override
        public void savePortObjectSpec(final DataTableSpec spec, final PortObjectSpecZipOutputStream out)
            throws IOException {
            final ModelContent content = new ModelContent(KEY);
            spec.save(content);
            out.putNextEntry(new ZipEntry(KEY));
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            content.saveToXML(bytes);
            out.write(bytes.toByteArray());
            out.closeEntry();
        }

        @Override
        public DataTableSpec loadPortObjectSpec(final PortObjectSpecZipInputStream in) throws IOException {
            in.getNextEntry();
            final ModelContentRO content = ModelContent.loadFromXML(new ByteArrayInputStream(in.readAllBytes()));
            try {
                return load(content);
            } catch (InvalidSettingsException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }
}
