package org.knime.core.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.knime.core.data.collection.CollectionCellFactory;
import org.knime.core.data.collection.CollectionDataValue;
import org.knime.core.data.collection.ListCell;
import org.knime.core.data.def.BooleanCell;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.LongCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.standin.fixture.ScanCell;
import org.knime.core.standin.fixture.ScanValue;

class DataTypeTest {

    @Test
    void preferredValueIsTheFirstDeclared() {
        assertSame(StringValue.class, StringCell.TYPE.getPreferredValueClass());
        assertSame(ScanValue.class, ScanCell.TYPE.getPreferredValueClass());
        assertEquals("Scan", ScanCell.TYPE.getName());
        assertEquals("Scan", ScanCell.TYPE.toString());
        assertEquals(ScanCell.class.getName(), ScanCell.TYPE.getIdentifier());
    }

    @Test
    void intIsReadableAsDoubleButNotTheOtherWay() {
        assertTrue(IntCell.TYPE.isCompatible(DoubleValue.class));
        assertTrue(IntCell.TYPE.isCompatible(LongValue.class));
        assertTrue(BooleanCell.TYPE.isCompatible(IntValue.class));
        assertFalse(DoubleCell.TYPE.isCompatible(IntValue.class));
        assertFalse(StringCell.TYPE.isCompatible(DoubleValue.class));
        assertTrue(ScanCell.TYPE.isCompatible(DataValue.class));
        assertEquals(3.0, ((DoubleValue)new IntCell(3)).getDoubleValue());
    }

    @Test
    void missingCellsFitAndEqualEachOther() {
        final DataType missing = DataType.getMissingCell().getType();
        for (final DataType t : List.of(StringCell.TYPE, ScanCell.TYPE, ListCell.getCollectionType(IntCell.TYPE))) {
            assertTrue(t.isASuperTypeOf(missing));
            assertFalse(missing.isASuperTypeOf(t));
            assertEquals(t, DataType.getCommonSuperType(t, missing));
            assertEquals(t, DataType.getCommonSuperType(missing, t));
        }
        assertEquals(DataType.getMissingCell(), new MissingCell("x"));
        assertTrue(new MissingCell("x").isMissing());
    }

    @Test
    void commonSuperTypeIsNotNative() {
        final DataType common = DataType.getCommonSuperType(IntCell.TYPE, DoubleCell.TYPE);
        assertNull(common.getCellClass());
        assertTrue(common.isCompatible(DoubleValue.class));
        assertFalse(common.isCompatible(IntValue.class));
        assertTrue(common.isASuperTypeOf(IntCell.TYPE));
        assertTrue(common.isASuperTypeOf(DoubleCell.TYPE));
        assertFalse(common.isASuperTypeOf(StringCell.TYPE));
        assertEquals(common, DataType.getCommonSuperType(DoubleCell.TYPE, IntCell.TYPE));
        assertFalse(DoubleCell.TYPE.isASuperTypeOf(IntCell.TYPE), "a native type takes its own cells only");
        assertEquals("Non-Native [interface org.knime.core.data.DataValue]",
            DataType.getCommonSuperType(StringCell.TYPE, ScanCell.TYPE).getName());
    }

    @Test
    void collectionsKnowTheirElements() {
        final DataType ints = ListCell.getCollectionType(IntCell.TYPE);
        assertTrue(ints.isCollectionType());
        assertEquals(IntCell.TYPE, ints.getCollectionElementType());
        assertTrue(ints.isCompatible(CollectionDataValue.class));
        assertEquals(ints,
            CollectionCellFactory.createListCell(List.of(new IntCell(1), DataType.getMissingCell())).getType());
        assertFalse(ints.isASuperTypeOf(ListCell.getCollectionType(StringCell.TYPE)));
        assertTrue(ints.isASuperTypeOf(CollectionCellFactory.createListCell(List.of()).getType()),
            "an empty list fits everywhere");
        assertThrows(IllegalArgumentException.class, () -> DataType.getType(ListCell.class));
        assertThrows(IllegalArgumentException.class, () -> DataType.getType(IntCell.class, StringCell.TYPE));
    }

    @Test
    void typesAreWrittenAndRead() throws Exception {
        for (final DataType t : List.of(StringCell.TYPE, LongCell.TYPE, ScanCell.TYPE,
            DataType.getMissingCell().getType(), ListCell.getCollectionType(ListCell.getCollectionType(ScanCell.TYPE)),
            DataType.getCommonSuperType(IntCell.TYPE, DoubleCell.TYPE),
            DataType.getCommonSuperType(StringCell.TYPE, ScanCell.TYPE))) {
            final NodeSettings s = new NodeSettings("root");
            s.addDataType("t", t);
            assertEquals(t, s.getDataType("t"));
            assertEquals(t.hashCode(), s.getDataType("t").hashCode());
        }
        final NodeSettings unknown = new NodeSettings("root");
        unknown.addNodeSettings("t").addString("cell_class", "org.example.GoneCell");
        assertTrue(assertThrows(InvalidSettingsException.class, () -> unknown.getDataType("t")).getMessage()
            .contains("org.example.GoneCell"));
        assertSame(IntCell.TYPE, unknown.getDataType("t", IntCell.TYPE));
    }

    @Test
    void cellsCompareByValue() {
        assertEquals(new DoubleCell(Double.NaN), new DoubleCell(Double.NaN));
        assertFalse(new DoubleCell(1).equals(new IntCell(1)));
        assertEquals("1.0", new DoubleCell(1).toString());
        assertEquals("?", DataType.getMissingCell().toString());
        assertSame(BooleanCell.TRUE, BooleanCell.get(true));
    }
}
