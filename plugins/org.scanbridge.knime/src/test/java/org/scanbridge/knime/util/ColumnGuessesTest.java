package org.scanbridge.knime.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.StringCell;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;

class ColumnGuessesTest {

    static final class Group implements NodeParameters {

        @Widget(title = "Site column", description = "")
        @ColumnGuess(port = 1, type = StringValue.class, names = "Site", otherwise = Otherwise.NONE)
        String m_site = "";

        int m_number = 7;
    }

    static final class Parameters implements NodeParameters, GuessedColumns {

        @Widget(title = "Image column", description = "")
        @ColumnGuess(type = VolumeValue.class, names = {"Normalized", "Image"})
        String m_image = "";

        @Widget(title = "Written column", description = "")
        @ColumnGuess(type = LabelVolumeValue.class, otherwise = Otherwise.LAST)
        String m_last = "";

        @Widget(title = "Folder column", description = "")
        @ColumnGuess(type = StringValue.class, names = "Folder", otherwise = Otherwise.ONLY)
        String m_folder = "";

        @Widget(title = "Grid column", description = "")
        @ColumnGuess(type = {VolumeValue.class, LabelVolumeValue.class})
        String m_grid = "";

        Group m_group = new Group();

        String[] m_shared = {"a"};

        boolean m_readsImage = true;

        String m_seen = "";

        @Override
        public boolean reads(final String setting) {
            return m_readsImage || !"Image column".equals(setting);
        }

        @Override
        public void columnsGuessed() {
            m_seen = m_image;
        }
    }

    private static DataTableSpec table(final Object... namesAndTypes) {
        final List<DataColumnSpec> columns = new ArrayList<>();
        for (int n = 0; n < namesAndTypes.length; n += 2) {
            columns.add(new DataColumnSpecCreator((String)namesAndTypes[n], (DataType)namesAndTypes[n + 1]).createSpec());
        }
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    private static ColumnGuesses<Parameters> guess(final Parameters parameters, final DataTableSpec... tables) {
        return ColumnGuesses.of(parameters, port -> port < tables.length ? tables[port] : null);
    }

    @Test
    void namesComeBeforeOrder() {
        final DataTableSpec images = table("Raw", VolumeCell.TYPE, "Image", VolumeCell.TYPE);
        assertEquals("Image", guess(new Parameters(), images).parameters().m_image);
        assertEquals("Raw", guess(new Parameters(), table("Raw", VolumeCell.TYPE, "T1", VolumeCell.TYPE)).parameters().m_image);
        assertEquals("IMAGE",
            guess(new Parameters(), table("Raw", VolumeCell.TYPE, "IMAGE", VolumeCell.TYPE)).parameters().m_image);
        assertEquals("Normalized", guess(new Parameters(),
            table("Image", VolumeCell.TYPE, "Normalized", VolumeCell.TYPE)).parameters().m_image);
        assertEquals("", guess(new Parameters(), table("Normalized", StringCell.TYPE)).parameters().m_image);
    }

    @Test
    void otherRules() {
        final DataTableSpec labels = table("a", LabelVolumeCell.TYPE, "b", LabelVolumeCell.TYPE, "c", StringCell.TYPE);
        assertEquals("b", guess(new Parameters(), labels).parameters().m_last);
        assertEquals("a", guess(new Parameters(), labels).parameters().m_grid);
        assertEquals("c", guess(new Parameters(), labels).parameters().m_folder);
        assertEquals("", guess(new Parameters(), table("c", StringCell.TYPE, "d", StringCell.TYPE)).parameters().m_folder);
    }

    /** A group is looked up at its own port, and a text column of another name is not taken for a site. */
    @Test
    void groups() {
        final DataTableSpec other = table("Site", StringCell.TYPE);
        assertEquals("", guess(new Parameters(), other).parameters().m_group.m_site);
        assertEquals("Site", guess(new Parameters(), table(), other).parameters().m_group.m_site);
        assertEquals("", guess(new Parameters(), table(), table("Scanner", StringCell.TYPE)).parameters().m_group.m_site);
        assertEquals(7, guess(new Parameters(), table(), other).parameters().m_group.m_number);
    }

    @Test
    void aChoiceStays() {
        final Parameters parameters = new Parameters();
        parameters.m_image = "gone";
        assertEquals("gone", guess(parameters, table("Image", VolumeCell.TYPE)).parameters().m_image);
    }

    /** What is guessed is not stored, so that it follows the table. */
    @Test
    void theStoredParametersStayAsTheyAre() {
        final Parameters parameters = new Parameters();
        parameters.m_folder = null;
        final Parameters guessed =
            guess(parameters, table("Image", VolumeCell.TYPE, "Folder", StringCell.TYPE)).parameters();
        assertEquals("Image", guessed.m_image);
        assertEquals("Image", guessed.m_seen);
        assertEquals("Folder", guessed.m_folder);
        assertNotSame(parameters.m_group, guessed.m_group);
        assertSame(parameters.m_shared, guessed.m_shared);
        assertEquals("", parameters.m_image);
        assertEquals("", parameters.m_seen);
        assertEquals(null, parameters.m_folder);
        assertEquals("Other", guess(parameters, table("Other", VolumeCell.TYPE)).parameters().m_image);
    }

    @Test
    void tellsWhatWasGuessedIfThereWasAChoice() {
        assertEquals("", guess(new Parameters(), table("Image", VolumeCell.TYPE)).message());
        // a text column is known by its name
        assertEquals("", guess(new Parameters(), table("Folder", StringCell.TYPE, "Subject", StringCell.TYPE)).message());
        final DataTableSpec two = table("Image", VolumeCell.TYPE, "Normalized", VolumeCell.TYPE);
        assertEquals("Columns were guessed: \"Image column\" is Normalized, \"Grid column\" is Image. Choose others in the"
            + " dialog if these are not meant.", guess(new Parameters(), two).message());
        final Parameters parameters = new Parameters();
        parameters.m_readsImage = false;
        parameters.m_grid = "Image";
        assertEquals("", guess(parameters, two).message());
    }
}
