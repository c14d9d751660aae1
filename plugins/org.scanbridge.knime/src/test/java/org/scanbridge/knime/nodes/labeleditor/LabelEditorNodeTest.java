package org.scanbridge.knime.nodes.labeleditor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.knime.testing.TinyStudy.labels;
import static org.scanbridge.knime.testing.TinyStudy.subject;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.knime.testing.TinyStudy;

class LabelEditorNodeTest {

    @TempDir
    Path m_folder;

    private Bench m_bench;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    /** One row per site: A numbers liver 1 and spleen 2, B the other way round. */
    private BufferedDataTable twoSites() throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<DataCell[]> rows = new ArrayList<>();
        for (int site = 0; site < 2; site++) {
            rows.add(new DataCell[]{cells.create("s" + site, new LabelVolume(labels(1, 1, 1, 0, 0, 0, 2, 2),
                TinyStudy.GRID, VolumeInfo.UNKNOWN, site == 0 ? LabelSet.of("liver", "spleen") : LabelSet.of("spleen", "liver")))});
        }
        return m_bench.table(new DataTableSpec(new DataColumnSpec[]{
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec()}), rows);
    }

    private static LabelVolume cell(final Result result, final int row, final String column) {
        return ((LabelVolumeValue)result.rows(0).get(row)
            .getCell(result.table(0).getDataTableSpec().findColumnIndex(column))).labelVolume();
    }

    private Result run(final BufferedDataTable table, final Bench.Change change) throws Exception {
        return m_bench.run(new LabelEditorNodeFactory(), s -> {
            s.addString("segmentationColumn", "Segmentation");
            change.apply(s);
        }, table);
    }

    @Test
    void nothingIsChangedUnasked() throws Exception {
        final Result result = run(twoSites(), s -> {
        });
        assertNull(result.warning());
        assertArrayEquals(labels(1, 1, 1, 0, 0, 0, 2, 2), cell(result, 1, "Segmentation").voxels());
        assertEquals(Map.of(1, "spleen", 2, "liver"), cell(result, 1, "Segmentation").labels().names());
    }

    @Test
    void sitesGetTheSameNumbersByName() throws Exception {
        final Result result = run(twoSites(), s -> s.addBoolean("byName", true));
        assertArrayEquals(labels(1, 1, 1, 0, 0, 0, 2, 2), cell(result, 0, "Segmentation").voxels());
        assertArrayEquals(labels(2, 2, 2, 0, 0, 0, 1, 1), cell(result, 1, "Segmentation").voxels());
        assertEquals(cell(result, 0, "Segmentation").labels(), cell(result, 1, "Segmentation").labels());
    }

    @Test
    void rulesRelabelAndClassesAreSplitOff() throws Exception {
        final Result result = run(twoSites(), s -> {
            s.addString("rules", "liver = 5; spleen = 7 Milz");
            s.addBoolean("replace", false);
            s.addString("split", "liver, 7");
        });
        assertArrayEquals(labels(5, 5, 5, 0, 0, 0, 7, 7), cell(result, 0, "Edited").voxels());
        assertArrayEquals(labels(7, 7, 7, 0, 0, 0, 5, 5), cell(result, 1, "Edited").voxels());
        assertEquals(Map.of(5, "liver", 7, "Milz"), cell(result, 1, "Edited").labels().names());
        assertArrayEquals(labels(0, 0, 0, 0, 0, 0, 5, 5), cell(result, 1, "Edited liver").voxels());
        assertArrayEquals(labels(7, 7, 7, 0, 0, 0, 0, 0), cell(result, 1, "Edited 7").voxels());
        assertEquals(Map.of(7, "Milz"), cell(result, 1, "Edited 7").labels().names());
        assertArrayEquals(labels(1, 1, 1, 0, 0, 0, 2, 2), cell(result, 1, "Segmentation").voxels());
    }

    /** A misspelled class would stay as it is without a word. */
    @Test
    void rulesThatMeetNoClassAreTold() throws Exception {
        final String warning = run(twoSites(), s -> s.addString("rules", "lver = 5; spleen = 7; 9 = 0")).warning();
        assertTrue(warning.contains("The rules \"lver = 5\", \"9 = 0\" met no class in any row; the segmentations have liver,"
            + " spleen."), warning);
        assertNull(run(twoSites(), s -> s.addString("rules", "*IVER = 5; 2 = 7")).warning());
    }

    @Test
    void columnsAreJoinedByPriority() throws Exception {
        final BufferedDataTable table = TinyStudy.table(m_bench, List.of("Segmentation", "second"),
            subject("a", "A", null, labels(1, 1, 1, 1, 0, 0, 0, 0), labels(0, 0, 2, 0, 0, 0, 0, 2)),
            subject("b", "A", null, labels(1, 0, 0, 0, 0, 0, 0, 0), null),
            subject("c", "A", null, null, null));
        final Result small = run(table, s -> s.addString("furtherColumns", "second"));
        // TinyStudy names 1 CSF and 2 GM in both columns
        assertArrayEquals(labels(1, 1, 2, 1, 0, 0, 0, 2), cell(small, 0, "Segmentation").voxels());
        assertTrue(small.warning().contains("1 of 3 rows have no segmentation")
            && small.warning().contains("1 of 3 rows lack some"), small.warning());
        assertTrue(small.rows(0).get(2).getCell(3).isMissing());
        final Result first = run(table, s -> {
            s.addString("furtherColumns", "second");
            s.addString("priority", "FIRST");
        });
        assertArrayEquals(labels(1, 1, 1, 1, 0, 0, 0, 2), cell(first, 0, "Segmentation").voxels());
    }

    @Test
    void onlyTheLargestPartsAreKept() throws Exception {
        final BufferedDataTable table = m_bench.table(new DataTableSpec(new DataColumnSpec[]{
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec()}),
            List.<DataCell[]> of(new DataCell[]{VolumeCellFactory.of(m_bench.context()).create("row", new LabelVolume(
                labels(1, 1, 0, 1, 2, 0, 2, 2), Geometry.axial(new int[]{8, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN,
                TinyStudy.LABELS))}));
        assertArrayEquals(labels(1, 1, 0, 0, 0, 0, 2, 2),
            cell(run(table, s -> s.addString("parts", "LARGEST_OF_EACH_CLASS")), 0, "Segmentation").voxels());
        final Result one = run(table, s -> {
            s.addString("parts", "LARGEST_OF_EACH_CLASS");
            s.addString("classesInOnePiece", "CSF, kidney");
        });
        assertArrayEquals(labels(1, 1, 0, 0, 2, 0, 2, 2), cell(one, 0, "Segmentation").voxels());
        assertTrue(one.warning().contains("No segmentation has the class kidney"), one.warning());
        // three parts of two voxels: the first stays
        assertArrayEquals(labels(1, 1, 0, 0, 0, 0, 0, 0),
            cell(run(table, s -> s.addString("parts", "LARGEST_OF_FOREGROUND")), 0, "Segmentation").voxels());
    }

    /** A mark is no part: the one of two voxels would be the largest, and none of them becomes background. */
    @Test
    void marksOfWhatIsNotAnnotatedStay() throws Exception {
        final BufferedDataTable table = m_bench.table(new DataTableSpec(new DataColumnSpec[]{
            new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec()}),
            List.<DataCell[]> of(new DataCell[]{VolumeCellFactory.of(m_bench.context()).create("row", new LabelVolume(
                labels(1, 1, 0, 1, 9, 9, 9, 2), Geometry.axial(new int[]{8, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN,
                TinyStudy.LABELS))}));
        for (final String parts : List.of("LARGEST_OF_EACH_CLASS", "LARGEST_OF_FOREGROUND")) {
            final Result result = run(table, s -> {
                s.addString("parts", parts);
                s.addString("notAnnotated", "9");
            });
            assertArrayEquals(labels(1, 1, 0, 0, 9, 9, 9, parts.endsWith("CLASS") ? 2 : 0),
                cell(result, 0, "Segmentation").voxels());
        }
        final String message = assertThrows(NodeExecutionException.class,
            () -> run(table, s -> s.addString("notAnnotated", "unknown"))).getMessage();
        assertTrue(message.contains("\"Not annotated\" is \"unknown\""), message);
        final String number = assertThrows(NodeExecutionException.class,
            () -> run(table, s -> s.addString("notAnnotated", "77"))).getMessage();
        assertTrue(number.contains("\"Not annotated\" is \"77\"") && number.contains("9 = class 9"), number);
    }

    @Test
    void badSettingsAndRulesThatMixClassesAreNamed() throws Exception {
        final BufferedDataTable table = twoSites();
        final Map<String, String> bad = Map.of("rules", "liver", "furtherColumns", "Segmentation", "split", "a, a",
            "segmentationColumn", "none");
        bad.forEach((key, value) -> assertThrows(InvalidSettingsException.class,
            () -> run(table, s -> s.addString(key, value)), key));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> run(table, s -> {
            s.addBoolean("replace", false);
            s.addString("outputColumn", "Segmentation");
        })).getMessage().contains("New column"));
        final String message = assertThrows(NodeExecutionException.class,
            () -> run(table, s -> s.addString("rules", "liver = 2"))).getMessage();
        assertTrue(message.contains("\"spleen\"") && message.contains("liver = 2"), message);
    }

    @Test
    void anEmptyTableGivesAWarningAndACancelledRunEndsAsCancelled() throws Exception {
        final BufferedDataTable empty = TinyStudy.table(m_bench, List.of("Segmentation"));
        assertTrue(run(empty, s -> {
        }).warning().contains("no rows"));
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        final BufferedDataTable table = twoSites();
        assertThrows(CanceledExecutionException.class, () -> m_bench.run(new LabelEditorNodeFactory(), progress,
            s -> s.addString("segmentationColumn", "Segmentation"), table));
    }
}
