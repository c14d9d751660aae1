package org.scanbridge.knime.nodes.niftireader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.dicom.nifti.NiftiWriter;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.dicomreader.DicomReaderNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;

class NiftiReaderNodeTest {

    /** A name that must appear nowhere. */
    private static final String PATIENT = "Kowalska";

    private static final Geometry GRID = Geometry.axial(new int[]{3, 4, 2}, 1, 1.5, 3);

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private Path m_study;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        m_study = m_folder.resolve("study");
        image("A/" + PATIENT + "_t1.nii.gz");
        labels("A/" + PATIENT + "_seg.nii", 1);
        image("B/b.nii");
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private Path path(final String name) throws Exception {
        final Path file = m_study.resolve(name);
        Files.createDirectories(file.getParent());
        return file;
    }

    private void image(final String name) throws Exception {
        final float[] voxels = new float[GRID.voxelCount()];
        voxels[5] = 42.5f;
        NiftiWriter.write(path(name), new Volume(voxels, GRID, VolumeInfo.UNKNOWN));
    }

    private void labels(final String name, final float value) throws Exception {
        final float[] voxels = new float[GRID.voxelCount()];
        voxels[7] = value;
        NiftiWriter.write(path(name), new Volume(voxels, GRID, VolumeInfo.UNKNOWN));
    }

    private Result read(final Bench.Change change) throws Exception {
        return m_bench.run(new NiftiReaderNodeFactory(), s -> {
            s.addString("folder", m_study.toString());
            change.apply(s);
        }, (PortObject)null);
    }

    private static String text(final DataRow row, final int column) {
        return row.getCell(column).toString();
    }

    /** In BIDS the entity desc tells whose a segmentation is; r1 has not segmented the second subject. */
    @Test
    void ratersHaveColumnsOfTheirOwn() throws Exception {
        image("C/sub-01/anat/sub-01_T1w.nii.gz");
        labels("C/sub-01/anat/sub-01_desc-r1_dseg.nii.gz", 1);
        labels("C/sub-01/anat/sub-01_desc-r2_dseg.nii.gz", 2);
        image("C/sub-02/anat/sub-02_T1w.nii.gz");
        labels("C/sub-02/anat/sub-02_desc-r2_dseg.nii.gz", 5);
        final Result result = read(s -> {
            s.addString("ids", "NAMES");
            s.addString("images", "*_T1w");
            s.addString("raterColumns", "COLUMNS");
            s.addString("ratersBy", "NAME");
        });
        assertEquals("Segmentation 2", result.table(0).getDataTableSpec().getColumnSpec(6).getName());
        final DataRow a = result.rows(0).get(0);
        assertEquals(1, ((LabelVolumeValue)a.getCell(5)).maxLabel());
        assertEquals(2, ((LabelVolumeValue)a.getCell(6)).maxLabel());
        final DataRow b = result.rows(0).get(1);
        assertTrue(b.getCell(5).isMissing());
        assertEquals(5, ((LabelVolumeValue)b.getCell(6)).maxLabel());
        final DataRow joined = read(s -> s.addString("images", "*_T1w")).rows(0).stream()
            .filter(r -> !r.getCell(5).isMissing() && ((LabelVolumeValue)r.getCell(5)).maxLabel() == 1).findFirst().orElseThrow();
        assertEquals("Input Hash", result.table(0).getDataTableSpec().getColumnSpec(7).getName());
        assertEquals(7, joined.getNumCells());
    }

    @Test
    void readsImagesAndLabelMaps() throws Exception {
        final Result result = read(s -> s.addString("classes", "1 = white matter, 2=lesion"));
        assertNull(result.warning());
        assertEquals(0, result.table(1).size());
        final DataRow a = result.rows(0).get(0);
        assertEquals("A", text(a, 1));
        assertEquals("MR", text(a, 3));
        final Volume image = ((VolumeValue)a.getCell(4)).volume();
        assertEquals(42.5f, image.voxels()[5]);
        assertTrue(image.geometry().sameGrid(GRID));
        final LabelVolumeValue labels = (LabelVolumeValue)a.getCell(5);
        final byte[] expected = new byte[GRID.voxelCount()];
        expected[7] = 1;
        assertArrayEquals(expected, labels.labelVolume().voxels());
        assertEquals(Map.of(1, "white matter", 2, "lesion"), labels.labels().names());
        final DataRow b = result.rows(0).get(1);
        assertTrue(b.getCell(3).isMissing(), "nothing tells the modality of b");
        assertTrue(b.getCell(5).isMissing(), "b is unlabeled");
    }

    /** So that both tables can be concatenated and the same nodes follow. */
    @Test
    void theTableIsThatOfTheDicomReader() throws Exception {
        final DataTableSpec spec = read(s -> {
        }).table(0).getDataTableSpec();
        final var dicom = m_bench.configured(new DicomReaderNodeFactory(),
            s -> s.addString("folder", m_study.toString()), (PortObject)null);
        assertEquals(List.of("Subject", "Site", "Series", "Modality", "Image", "Segmentation", "Input Hash"),
            List.of(spec.getColumnNames()));
        assertTrue(spec.equalStructure((DataTableSpec)dicom.configure(new PortObjectSpec[]{null})[0]));
    }

    @Test
    void noNameReachesATableUnlessAskedFor() throws Exception {
        final Result result = read(s -> {
        });
        for (final DataRow row : result.rows(0)) {
            for (final DataCell cell : row) {
                assertFalse(cell.toString().contains(PATIENT), cell.toString());
                if (cell instanceof VolumeValue v) {
                    assertFalse(v.info().toString().contains(PATIENT), v.info().toString());
                }
            }
        }
        assertEquals(PATIENT, text(read(s -> s.addString("ids", "NAMES")).rows(0).get(0), 0));
    }

    @Test
    void theKeyMayLieInAFile() throws Exception {
        final Path key = Files.writeString(m_folder.resolve("key.txt"), "secret\n");
        final String fromFile = text(read(s -> s.addString("pseudonymKeyFile", key.toString())).rows(0).get(0), 0);
        assertEquals(text(read(s -> s.addString("pseudonymKey", "secret")).rows(0).get(0), 0), fromFile);
        Files.writeString(key, " ");
        assertTrue(assertThrows(NodeExecutionException.class,
            () -> read(s -> s.addString("pseudonymKeyFile", key.toString()))).getMessage().contains("is empty"));
        assertTrue(assertThrows(NodeExecutionException.class,
            () -> read(s -> s.addString("pseudonymKeyFile", "/no/such/key"))).getMessage().contains("cannot be read"));
    }

    @Test
    void brokenFilesAreProblemsAndStopOnlyIfAskedTo() throws Exception {
        labels("B/b_seg.nii", 0.5f);
        Files.writeString(path("B/broken.nii"), "nothing");
        final Result result = read(s -> {
        });
        assertEquals(2, result.rows(0).size());
        assertTrue(result.rows(0).get(1).getCell(5).isMissing());
        assertEquals(List.of("unreadable file", "label out of range"),
            result.rows(1).stream().map(r -> text(r, 2)).toList());
        assertTrue(result.warning().startsWith(
            "2 problems were found, see the second output. Left out: 1 file or group of files, 1 segmentation. The worst: B/broken.nii"),
            result.warning());
        final String message =
            assertThrows(NodeExecutionException.class, () -> read(s -> s.addString("onProblem", "FAIL"))).getMessage();
        assertTrue(message.contains("B/broken.nii") && message.contains("If something cannot be used"), message);
    }

    /** TotalSegmentator's layout; the masks of an unknown layout are read as images, but not without a word. */
    @Test
    void oneFilePerClassBecomesALabelMap() throws Exception {
        image("C/s1/ct.nii.gz");
        for (final String organ : List.of("liver", "spleen")) {
            labels("C/s1/segmentations/" + organ + ".nii.gz", 1);
        }
        labels("C/s1/quality/good.nii.gz", 1);
        final Result result = read(s -> s.addString("overlap", "LOWER"));
        final List<DataRow> rows = result.rows(0).stream().filter(r -> text(r, 1).equals("C")).toList();
        final LabelVolumeValue both =
            (LabelVolumeValue)rows.stream().filter(r -> !r.getCell(5).isMissing()).findFirst().orElseThrow().getCell(5);
        assertEquals(Map.of(1, "spleen", 5, "liver"), both.labels().names());
        assertEquals(1, both.labelVolume().voxels()[7]);
        assertEquals(2, rows.size());
        assertTrue(result.rows(1).stream().anyMatch(r -> text(r, 0).endsWith("good.nii.gz")
            && text(r, 4).contains("only values are 0, 1")), result.rows(1).toString());
        assertTrue(result.rows(1).stream().anyMatch(r -> text(r, 4).contains("\"liver\" and \"spleen\" in 1 voxels")),
            result.rows(1).toString());
    }

    @Test
    void nothingUsableIsAFailureThatTellsWhy() throws Exception {
        assertTrue(assertThrows(NodeExecutionException.class, () -> read(s -> s.addString("images", "*_t9")))
            .getMessage().contains("No usable image"));
        assertTrue(assertThrows(NodeExecutionException.class, () -> read(s -> s.addString("folder", "/no/such")))
            .getMessage().contains("/no/such"));
    }

    @Test
    void badSettingsAreNamed() {
        final Map<String, String> bad = Map.of("images", " ", "labels", "", "modality", "magnetic resonance imaging",
            "classes", "liver, tumor", "pseudonymKey", "", "folder", "");
        bad.forEach((key, value) -> assertThrows(InvalidSettingsException.class,
            () -> read(s -> s.addString(key, value)), key));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> read(s -> s.addString("classes", "0 = liver")))
            .getMessage().contains("0 = liver"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> read(s -> {
            s.addString("site", "ONE");
            s.addString("siteName", " ");
        })).getMessage().contains("Site name"));
    }

    @Test
    void theFolderMayComeFromATable() throws Exception {
        final var table =
            m_bench.table(new DataTableSpec(new DataColumnSpecCreator("Folder", StringCell.TYPE).createSpec()),
                List.<DataCell[]> of(new DataCell[]{new StringCell(m_study.toString())}));
        assertEquals(2, m_bench.run(new NiftiReaderNodeFactory(), s -> {
        }, table).rows(0).size());
    }

    @Test
    void aCancelledRunEndsAsCancelled() {
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        assertThrows(CanceledExecutionException.class, () -> m_bench.run(new NiftiReaderNodeFactory(), progress,
            s -> s.addString("folder", m_study.toString()), (PortObject)null));
    }
}
