package org.knime.core.standin.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnDomainCreator;
import org.knime.core.data.DataColumnProperties;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
import org.knime.core.data.DataType;
import org.knime.core.data.def.BooleanCell;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.LongCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.config.ConfigRO;
import org.knime.core.node.config.ConfigWO;

/** Specs of tables as settings trees, and what merging two columns of the same name means. */
public final class SpecConfig {

    private SpecConfig() {
    }

    /** Writes the spec. Domains are kept for the basic cell types. */
    public static void save(final DataTableSpec spec, final ConfigWO config) {
        config.addString("spec_name", spec.getName());
        config.addInt("number_columns", spec.getNumColumns());
        for (int i = 0; i < spec.getNumColumns(); i++) {
            saveColumn(spec.getColumnSpec(i), config.addConfig("column_spec_" + i));
        }
        saveMap(spec.getProperties(), config.addConfig("table_properties"));
    }

    private static void saveColumn(final DataColumnSpec column, final ConfigWO config) {
        config.addString("column_name", column.getName());
        config.addStringArray("element_names", column.getElementNames().toArray(new String[0]));
        config.addDataType("column_type", column.getType());
        final ConfigWO domain = config.addConfig("column_domain");
        saveCell(column.getDomain().getLowerBound(), "lower_bound", domain);
        saveCell(column.getDomain().getUpperBound(), "upper_bound", domain);
        if (column.getDomain().hasValues()) {
            final ConfigWO values = domain.addConfig("possible_values");
            int i = 0;
            for (final DataCell c : column.getDomain().getValues()) {
                saveCell(c, Integer.toString(i++), values);
            }
        }
        final ConfigWO properties = config.addConfig("column_properties");
        final Map<String, String> map = new TreeMap<>();
        for (final String key : Collections.list(column.getProperties().properties())) {
            map.put(key, column.getProperties().getProperty(key));
        }
        saveMap(map, properties);
    }

    private static void saveMap(final Map<String, String> map, final ConfigWO config) {
        map.forEach(config::addString);
    }

    private static void saveCell(final DataCell cell, final String key, final ConfigWO config) {
        if (cell instanceof BooleanCell b) {
            config.addBoolean(key, b.getBooleanValue());
        } else if (cell instanceof IntCell c) {
            config.addInt(key, c.getIntValue());
        } else if (cell instanceof LongCell c) {
            config.addLong(key, c.getLongValue());
        } else if (cell instanceof DoubleCell c) {
            config.addDouble(key, c.getDoubleValue());
        } else if (cell instanceof StringCell c) {
            config.addString(key, c.getStringValue());
        }
    }

    private static DataCell loadCell(final DataType type, final String key, final ConfigRO config)
        throws InvalidSettingsException {
        if (!config.containsKey(key)) {
            return null;
        }
        final Class<?> c = type.getCellClass();
        if (c == BooleanCell.class) {
            return BooleanCell.get(config.getBoolean(key));
        } else if (c == IntCell.class) {
            return new IntCell(config.getInt(key));
        } else if (c == LongCell.class) {
            return new LongCell(config.getLong(key));
        } else if (c == DoubleCell.class) {
            return new DoubleCell(config.getDouble(key));
        }
        return new StringCell(config.getString(key));
    }

    /**
     * @param config what {@link #save} wrote
     * @return the spec
     * @throws InvalidSettingsException if something is missing, or a cell class is unknown
     */
    public static DataTableSpec load(final ConfigRO config) throws InvalidSettingsException {
        final DataTableSpecCreator creator = new DataTableSpecCreator().setName(config.getString("spec_name"));
        final int n = config.getInt("number_columns");
        for (int i = 0; i < n; i++) {
            creator.addColumns(loadColumn(config.getConfig("column_spec_" + i)));
        }
        if (config.containsKey("table_properties")) {
            final ConfigRO properties = config.getConfig("table_properties");
            for (final String key : properties) {
                creator.putProperty(key, properties.getString(key));
            }
        }
        return creator.createSpec();
    }

    private static DataColumnSpec loadColumn(final ConfigRO config) throws InvalidSettingsException {
        final DataType type = config.getDataType("column_type");
        final DataColumnSpecCreator creator = new DataColumnSpecCreator(config.getString("column_name"), type);
        creator.setElementNames(config.getStringArray("element_names"));
        final ConfigRO domain = config.getConfig("column_domain");
        final DataColumnDomainCreator d = new DataColumnDomainCreator();
        d.setLowerBound(loadCell(type, "lower_bound", domain));
        d.setUpperBound(loadCell(type, "upper_bound", domain));
        if (domain.containsKey("possible_values")) {
            final ConfigRO values = domain.getConfig("possible_values");
            final Set<DataCell> set = new LinkedHashSet<>();
            for (final String key : values) {
                set.add(loadCell(type, key, values));
            }
            d.setValues(set);
        }
        creator.setDomain(d.createDomain());
        final ConfigRO properties = config.getConfig("column_properties");
        final Map<String, String> map = new TreeMap<>();
        for (final String key : properties) {
            map.put(key, properties.getString(key));
        }
        creator.setProperties(new DataColumnProperties(map));
        return creator.createSpec();
    }

    /** @return one column for two of the same name: common type, union of the domains, common properties */
    public static DataColumnSpec merge(final DataColumnSpec a, final DataColumnSpec b) {
        final DataColumnSpecCreator creator = new DataColumnSpecCreator(a);
        creator.setType(DataType.getCommonSuperType(a.getType(), b.getType()));
        final DataColumnDomainCreator d = new DataColumnDomainCreator();
        if (a.getType().equals(b.getType())) {
            if (a.getDomain().hasValues() && b.getDomain().hasValues()) {
                final Set<DataCell> values = new LinkedHashSet<>(a.getDomain().getValues());
                values.addAll(b.getDomain().getValues());
                d.setValues(values);
            }
            if (a.getDomain().hasBounds() && b.getDomain().hasBounds()) {
                final List<DataCell> bounds = new ArrayList<>(List.of(a.getDomain().getLowerBound(),
                    a.getDomain().getUpperBound(), b.getDomain().getLowerBound(), b.getDomain().getUpperBound()));
                bounds.sort(CellOrder.INSTANCE);
                d.setLowerBound(bounds.get(0));
                d.setUpperBound(bounds.get(bounds.size() - 1));
            }
        }
        creator.setDomain(d.createDomain());
        final Map<String, String> common = new TreeMap<>();
        for (final String key : Collections.list(a.getProperties().properties())) {
            if (a.getProperties().getProperty(key).equals(b.getProperties().getProperty(key))) {
                common.put(key, a.getProperties().getProperty(key));
            }
        }
        creator.setProperties(new DataColumnProperties(common));
        return creator.createSpec();
    }
}
