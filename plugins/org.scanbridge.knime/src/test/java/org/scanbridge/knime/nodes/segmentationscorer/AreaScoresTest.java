package org.scanbridge.knime.nodes.segmentationscorer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.knime.testing.TinyStudy.labels;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.knime.testing.TinyStudy;

/** Areas under the curves of probabilities in the Segmentation Scorer; the numbers are those of scikit-learn 1.9.1. */
class AreaScoresTest {

    private static final byte[] TRUTH = labels(1, 1, 1, 2, 2, 0, 0, 0);

    private static final float[] BACKGROUND = {0.125f, 0.25f, 0.5f, 0.25f, 0.125f, 0.5f, 0.75f, 0.5f};

    private static final float[] CSF = {0.75f, 0.5f, 0.25f, 0.25f, 0.125f, 0.25f, 0.125f, 0.5f};

    private static final float[] GM = {0.125f, 0.25f, 0.25f, 0.5f, 0.75f, 0.25f, 0.125f, 0};

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

    /** Subject, site, reference, what a model says, and its maps; null for a missing cell. */
    private BufferedDataTable table(final List<String> maps, final LabelSet names, final Object[]... rows) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final List<DataColumnSpec> columns = new ArrayList<>(
            List.of(new DataColumnSpecCreator("Subject", StringCell.TYPE).createSpec(),
                new DataColumnSpecCreator("Site", StringCell.TYPE).createSpec(),
                new DataColumnSpecCreator("Segmentation", LabelVolumeCell.TYPE).createSpec(),
                new DataColumnSpecCreator("model", LabelVolumeCell.TYPE).createSpec()));
        maps.forEach(m -> columns.add(new DataColumnSpecCreator("model p(" + m + ")", VolumeCell.TYPE).createSpec()));
        final List<DataCell[]> all = new ArrayList<>();
        for (final Object[] row : rows) {
            final DataCell[] to = new DataCell[columns.size()];
            Arrays.fill(to, DataType.getMissingCell());
            for (int c = 0; c < row.length; c++) {
                final String file = "c" + all.size() + "-" + c;
                if (row[c] instanceof String text) {
                    to[c] = new StringCell(text);
                } else if (row[c] instanceof byte[] voxels) {
                    to[c] = cells.create(file, new LabelVolume(voxels, TinyStudy.GRID, VolumeInfo.UNKNOWN, names));
                } else if (row[c] instanceof float[] voxels) {
                    to[c] = cells.create(file, new Volume(voxels, TinyStudy.GRID, VolumeInfo.UNKNOWN));
                }
            }
            all.add(to);
        }
        return m_bench.table(new DataTableSpec(columns.toArray(DataColumnSpec[]::new)), all);
    }

    private Result run(final BufferedDataTable table, final Bench.Change change) throws Exception {
        return m_bench.run(new SegmentationScorerNodeFactory(), s -> {
            s.addString("referenceColumn", "Segmentation");
            s.addBoolean("areas", true);
            change.apply(s);
        }, table);
    }

    private static String scores(final Result result, final int row) {
        final DataRow cells = result.rows(0).get(row);
        final DataTableSpec spec = result.table(0).getDataTableSpec();
        final StringBuilder text = new StringBuilder();
        for (final String column : List.of("Class", "AUC", "Average Precision")) {
            final DataCell cell = cells.getCell(spec.findColumnIndex(column));
            text.append(cell.isMissing() ? "?"
                : cell instanceof StringCell ? cell.toString() : String.format(java.util.Locale.ROOT, "%.6f", Double.valueOf(cell.toString())))
                .append(' ');
        }
        return text.toString().strip();
    }

    @Test
    void takesTheMapOfEachClass() throws Exception {
        final Result result = run(table(List.of("background", "CSF", "GM"), TinyStudy.LABELS,
            new Object[]{"s", "A", TRUTH, TRUTH, BACKGROUND, CSF, GM}), s -> {
            });
        assertNull(result.warning());
        assertEquals("CSF 0.833333 0.722222", scores(result, 0));
        assertEquals("GM 1.000000 1.000000", scores(result, 1));
        // subjects are summed up like all scores
        assertEquals(1, result.rows(2).stream().filter(r -> r.toString().contains("mean of classes") && r.toString().contains("AUC")).count());
    }

    @Test
    void isOffByDefault() throws Exception {
        final Result result = m_bench.run(new SegmentationScorerNodeFactory(), s -> s.addString("referenceColumn", "Segmentation"),
            table(List.of("CSF"), TinyStudy.LABELS, new Object[]{"s", "A", TRUTH, TRUTH, CSF}));
        assertFalse(result.table(0).getDataTableSpec().containsName("AUC"));
    }

    /** The voxels 0 and 5 are not annotated; scikit-learn on the other six. */
    @Test
    void leavesOutWhatIsNotAnnotated() throws Exception {
        final byte[] truth = labels(9, 1, 1, 2, 2, 9, 0, 0);
        final Result result = run(table(List.of("CSF", "GM"), LabelSet.of(java.util.Map.of(1, "CSF", 2, "GM", 9, "unknown")),
            new Object[]{"s", "A", truth, TRUTH, CSF, GM}), s -> s.addString("notAnnotated", "unknown"));
        assertEquals("CSF 0.750000 0.500000", scores(result, 0));
        assertEquals("GM 1.000000 1.000000", scores(result, 1));
    }

    /** A class by which the reference marks what is not annotated has no area to miss; one that is annotated has. */
    @Test
    void missesNoMapOfWhatIsNotAnnotated() throws Exception {
        final Result unannotated = run(table(List.of("CSF"), TinyStudy.LABELS, new Object[]{"s", "A", TRUTH, TRUTH, CSF}),
            s -> s.addString("notAnnotated", "GM"));
        assertFalse(String.valueOf(unannotated.warning()).contains("no probabilities"), unannotated.warning());
        final Result annotated = run(table(List.of("CSF"), TinyStudy.LABELS, new Object[]{"s", "A", TRUTH, TRUTH, CSF}), s -> {
        });
        assertTrue(annotated.warning().contains("no probabilities of GM (in 1 image)"), annotated.warning());
    }

    @Test
    void aRegionHasItsOwnMapOrTheSumOfItsClasses() throws Exception {
        final Bench.Change region = s -> {
            final NodeSettings one = (NodeSettings)s.addNodeSettings("regions").addNodeSettings("0");
            one.addString("name", "GM");
            one.addString("classes", "CSF, GM");
        };
        final Result sum = run(table(List.of("background", "CSF", "GM"), TinyStudy.LABELS,
            new Object[]{"s", "A", TRUTH, TRUTH, BACKGROUND, CSF, GM}), region);
        assertEquals("GM 1.000000 1.000000", scores(sum, 1));
        assertEquals("GM (region) 0.933333 0.942857", scores(sum, 2));
        // a network of regions gives no background: its map of GM is that of the region
        final Result own = run(table(List.of("GM", "CSF"), TinyStudy.LABELS, new Object[]{"s", "A", TRUTH, TRUTH, GM, CSF}), region);
        assertEquals("GM ? ?", scores(own, 1));
        assertEquals("GM (region) 0.833333 0.862857", scores(own, 2));
        assertTrue(own.warning().contains("no probabilities of GM (in 1 image)"), own.warning());
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        final byte[] empty = labels(0, 0, 0, 0, 0, 0, 0, 0);
        final Result result = run(table(List.of("CSF", "lesion"), TinyStudy.LABELS, new Object[]{"s", "A", TRUTH, TRUTH, CSF, GM},
            new Object[]{"t", "A", TRUTH, TRUTH}, new Object[]{"u", "A", empty, TRUTH, CSF, GM}), s -> {
            });
        assertEquals("CSF ? ?", scores(result, 2));
        assertEquals("CSF ? ?", scores(result, 4), "the reference has no CSF");
        assertTrue(result.warning().contains("no probabilities of CSF (in 1 image), GM (in 3 images)"), result.warning());
        assertTrue(result.warning().contains("\"model p(lesion)\" were not used"), result.warning());
        final InvalidSettingsException none = assertThrows(InvalidSettingsException.class,
            () -> run(table(List.of(), TinyStudy.LABELS, new Object[]{"s", "A", TRUTH, TRUTH}), s -> {
            }));
        assertTrue(none.getMessage().contains("Areas under curves (AUC)") && none.getMessage().contains("\"model p(class)\""),
            none.getMessage());
        final float[] percent = {75, 50, 25, 25, 12, 25, 12, 50};
        assertTrue(assertThrows(NodeExecutionException.class,
            () -> run(table(List.of("CSF"), TinyStudy.LABELS, new Object[]{"s", "A", TRUTH, TRUTH, percent}), s -> {
            })).getMessage().contains("\"model p(CSF)\" has the probability 75.0"));
    }
}
