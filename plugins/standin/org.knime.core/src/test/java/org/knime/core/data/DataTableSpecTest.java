package org.knime.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.ModelContent;

class DataTableSpecTest {

    private static DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    private static DataColumnSpec rich() {
        final DataColumnSpecCreator c = new DataColumnSpecCreator(" site ", StringCell.TYPE);
        final DataColumnDomainCreator d = new DataColumnDomainCreator();
        d.setValues(new LinkedHashSet<>(List.of(new StringCell("B"), new StringCell("A"))));
        c.setDomain(d.createDomain());
        c.setProperties(new DataColumnProperties(Map.of("unit", "mm")));
        return c.createSpec();
    }

    @Test
    void findsColumns() {
        final DataTableSpec spec = new DataTableSpec(column("a", IntCell.TYPE), column("b", StringCell.TYPE));
        assertEquals(1, spec.findColumnIndex("b"));
        assertEquals(-1, spec.findColumnIndex("c"));
        assertNull(spec.getColumnSpec("c"));
        assertArrayEquals(new String[]{"a", "b"}, spec.getColumnNames());
        assertTrue(spec.containsCompatibleType(DoubleValue.class));
        assertEquals("a (#1)", DataTableSpec.getUniqueColumnName(spec, "a"));
        assertEquals("c", DataTableSpec.getUniqueColumnName(spec, "c"));
        assertEquals("site", rich().getName(), "names are trimmed");
    }

    @Test
    void namesAreUnique() {
        final DataTableSpec spec = new DataTableSpec(column("a", IntCell.TYPE));
        assertThrows(IllegalArgumentException.class, () -> new DataTableSpec(spec, spec));
        assertThrows(IllegalArgumentException.class,
            () -> new DataTableSpecCreator(spec).addColumns(column("a", StringCell.TYPE)).createSpec());
    }

    @Test
    void structureIgnoresDomains() {
        final DataTableSpec plain = new DataTableSpec(column("site", StringCell.TYPE));
        final DataTableSpec rich = new DataTableSpec(rich());
        assertTrue(plain.equalStructure(rich));
        assertNotEquals(plain, rich);
        assertFalse(plain.equalStructure(new DataTableSpec(column("site", IntCell.TYPE))));
    }

    @Test
    void everythingIsWrittenAndRead() throws Exception {
        final DataColumnSpecCreator bounded = new DataColumnSpecCreator("dice", DoubleCell.TYPE);
        bounded.setDomain(new DataColumnDomainCreator(new DoubleCell(0), new DoubleCell(0.9)).createDomain());
        final DataTableSpec spec = new DataTableSpecCreator().setName("scores").addColumns(rich(), bounded.createSpec())
            .putProperty("seed", "1").createSpec();
        final ModelContent content = new ModelContent("spec");
        spec.save(content);
        final DataTableSpec loaded = DataTableSpec.load(content);
        assertEquals(spec, loaded);
        assertEquals("scores", loaded.getName());
        assertEquals(Map.of("seed", "1"), loaded.getProperties());
        assertEquals(List.of(new StringCell("B"), new StringCell("A")),
            List.copyOf(loaded.getColumnSpec(0).getDomain().getValues()));
        assertEquals("mm", loaded.getColumnSpec("site").getProperties().getProperty("unit"));
        assertEquals(new DoubleCell(0.9), loaded.getColumnSpec("dice").getDomain().getUpperBound());
    }

    @Test
    void mergesColumnsOfTheSameName() {
        final DataColumnSpecCreator low = new DataColumnSpecCreator("x", DoubleCell.TYPE);
        low.setDomain(new DataColumnDomainCreator(new DoubleCell(-1), new DoubleCell(1)).createDomain());
        final DataColumnSpecCreator high = new DataColumnSpecCreator("x", DoubleCell.TYPE);
        high.setDomain(new DataColumnDomainCreator(new DoubleCell(0), new DoubleCell(5)).createDomain());
        final DataTableSpec merged = DataTableSpec.mergeDataTableSpecs(
            new DataTableSpec(low.createSpec(), column("y", IntCell.TYPE)),
            new DataTableSpec(high.createSpec(), column("y", StringCell.TYPE), column("z", IntCell.TYPE)));
        assertArrayEquals(new String[]{"x", "y", "z"}, merged.getColumnNames());
        assertEquals(new DoubleCell(-1), merged.getColumnSpec("x").getDomain().getLowerBound());
        assertEquals(new DoubleCell(5), merged.getColumnSpec("x").getDomain().getUpperBound());
        assertNull(merged.getColumnSpec("y").getType().getCellClass());
    }
}
