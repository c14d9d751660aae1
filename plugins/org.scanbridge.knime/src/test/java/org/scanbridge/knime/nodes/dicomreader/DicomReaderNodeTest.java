package org.scanbridge.knime.nodes.dicomreader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.standin.run.NodeExecutionException;
import org.knime.core.standin.run.NodeHost;
import org.scanbridge.dicom.nifti.NiftiWriter;
import org.scanbridge.dicom.study.DicomStudyWriter;
import org.scanbridge.dicom.study.StudySubject;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.volumeresampler.VolumeResamplerNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;

class DicomReaderNodeTest {

    /** A name that must appear nowhere. */
    private static final String PATIENT = "Kowalska-42";

    private static final Geometry GRID = new Geometry(new int[]{4, 3, 4}, new double[]{0.5, 0.75, 2},
        new double[]{-10, 5, 7}, new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private Path m_study;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        m_study = m_folder.resolve("study");
        new DicomStudyWriter("seed").write(m_study, List.of(subject("A", PATIENT, true), subject("B", "b-1", false)),
            Progress.NONE);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    /** Voxel v has the value v·10; labels 1 and 2 in turn in the second slice. */
    private static StudySubject subject(final String site, final String name, final boolean labeled) {
        final VolumeInfo info = new VolumeInfo("MR", site, name, name + "-T1", "");
        final float[] voxels = new float[GRID.voxelCount()];
        final byte[] labels = new byte[GRID.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = v * 10;
            labels[v] = (byte)(v / 12 == 1 ? v % 2 + 1 : 0);
        }
        return new StudySubject(site, name, new Volume(voxels, GRID, info), labeled
            ? Optional.of(new LabelVolume(labels, GRID, info, LabelSet.of("CSF", "GM"))) : Optional.empty());
    }

    private Result read(final Bench.Change change, final PortObject input) throws Exception {
        return m_bench.run(new DicomReaderNodeFactory(), change, input);
    }

    private Result read() throws Exception {
        return read(s -> s.addString("folder", m_study.toString()), null);
    }

    private static String text(final DataRow row, final int column) {
        return row.getCell(column).toString();
    }

    private Path firstSlice(final String site) throws IOException {
        try (var files = Files.walk(m_study.resolve(site))) {
            return files.filter(f -> f.toString().endsWith(".dcm") && !f.toString().toLowerCase().contains("seg"))
                .sorted().findFirst().orElseThrow();
        }
    }

    @Test
    void readsImagesGeometryAndSegmentations() throws Exception {
        final Result result = read();
        assertNull(result.warning());
        assertEquals(0, result.table(1).size());
        assertEquals(2, result.rows(0).size());
        final DataRow a = result.rows(0).get(0);
        assertEquals("A", text(a, 1));
        assertEquals("MR", text(a, 3));
        final Volume image = ((VolumeValue)a.getCell(4)).volume();
        assertArrayEquals(GRID.size(), image.geometry().size());
        assertArrayEquals(GRID.spacing(), image.geometry().spacing(), 1e-9);
        assertArrayEquals(GRID.origin(), image.geometry().origin(), 1e-9);
        for (int v = 0; v < GRID.voxelCount(); v++) {
            assertEquals(v * 10, image.voxels()[v], 0.01);
        }
        final LabelVolumeValue labels = (LabelVolumeValue)a.getCell(5);
        assertEquals(Map.of(1, "CSF", 2, "GM"), labels.labels().names());
        assertEquals(2, labels.maxLabel());
        final byte[] expected = new byte[GRID.voxelCount()];
        for (int v = 12; v < 24; v++) {
            expected[v] = (byte)(v % 2 + 1);
        }
        assertArrayEquals(expected, labels.labelVolume().voxels());
        assertEquals("B", text(result.rows(0).get(1), 1));
        assertTrue(result.rows(0).get(1).getCell(5).isMissing(), "B is unlabeled");
        assertTrue(text(a, 6).matches("[0-9a-f]{64}"));
    }

    @Test
    void noPatientAttributeReachesATable() throws Exception {
        Files.writeString(m_study.resolve("A/garbage.dcm"), "not DICOM");
        final Result result = read();
        for (int port = 0; port < 2; port++) {
            for (final DataRow row : result.rows(port)) {
                for (final DataCell cell : row) {
                    assertFalse(cell.toString().contains(PATIENT), cell.toString());
                    if (cell instanceof VolumeValue v) {
                        assertFalse(v.info().toString().contains(PATIENT), v.info().toString());
                    }
                }
            }
        }
    }

    @Test
    void aPseudonymFollowsFromTheKey() throws Exception {
        final String subject = text(read().rows(0).get(0), 0);
        assertEquals(subject, text(read().rows(0).get(0), 0));
        assertFalse(subject.equals(text(read(s -> {
            s.addString("folder", m_study.toString());
            s.addString("pseudonymKey", "secret");
        }, null).rows(0).get(0), 0)));
    }

    @Test
    void theHashFollowsTheFiles() throws Exception {
        final String before = text(read().rows(0).get(0), 6);
        final Path file = firstSlice("B");
        final byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertFalse(before.equals(text(read().rows(0).get(0), 6)));
    }

    @Test
    void garbageIsAProblemNotAFailure() throws Exception {
        Files.writeString(m_study.resolve("A/garbage.dcm"), "not DICOM at all");
        final Result result = read();
        assertEquals(2, result.rows(0).size());
        assertEquals(1, result.rows(1).size());
        final DataRow problem = result.rows(1).get(0);
        assertEquals("A/garbage.dcm", text(problem, 0));
        assertEquals("not DICOM", text(problem, 2));
        assertEquals("file skipped", text(problem, 3));
        assertTrue(result.warning().startsWith("1 problem was found") && result.warning().contains("A/garbage.dcm"),
            result.warning());
    }

    @Test
    void stopsOnALossIfAskedToButNotOnANote() throws Exception {
        final Bench.Change stop = settings -> {
            settings.addString("folder", m_study.toString());
            settings.addString("onProblem", "FAIL");
        };
        Files.writeString(m_study.resolve("A/notes.txt"), "not DICOM at all");
        Files.writeString(m_study.resolve("README"), "not DICOM at all");
        assertEquals(2, m_bench.run(new DicomReaderNodeFactory(), stop, (PortObject)null).rows(0).size());
        Files.writeString(m_study.resolve("A/IM0003"), "not DICOM at all");
        final NodeExecutionException e = assertThrows(NodeExecutionException.class,
            () -> m_bench.run(new DicomReaderNodeFactory(), stop, (PortObject)null));
        assertTrue(e.getMessage().contains("A/IM0003") && e.getMessage().contains("If something cannot be used"),
            e.getMessage());
    }

    @Test
    void aMissingSliceSkipsOrFillsTheSeries() throws Exception {
        // Four slices at k = 0..3: without one in the middle there is a gap of 4 mm where spacing is 2 mm.
        try (var files = Files.walk(m_study.resolve("B"))) {
            final List<Path> slices = files.filter(f -> f.toString().endsWith(".dcm")).sorted().toList();
            assertEquals(4, slices.size());
            Files.delete(slices.get(1));
        }
        final Result skipped = read();
        assertEquals(1, skipped.rows(0).size());
        assertTrue(skipped.rows(1).stream().anyMatch(r -> text(r, 2).equals("missing slice")));
        final Result filled = read(s -> {
            s.addString("folder", m_study.toString());
            s.addString("missingSlices", "FILL");
        }, null);
        assertEquals(2, filled.rows(0).size());
        final Volume b = ((VolumeValue)filled.rows(0).get(1).getCell(4)).volume();
        assertEquals(4, b.geometry().size(2));
        // Linear between neighbors 120 apart in value: the lost slice comes back exactly.
        for (int v = 0; v < GRID.voxelCount(); v++) {
            assertEquals(v * 10, b.voxels()[v], 0.01);
        }
    }

    @Test
    void theFolderMayComeFromATable() throws Exception {
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("Folder", StringCell.TYPE).createSpec());
        final DataCell[] row = {new StringCell(m_study.toString())};
        final BufferedDataTable table = m_bench.table(spec, List.of(row, row));
        assertEquals(2, read(s -> {
        }, table).rows(0).size());
        final BufferedDataTable two = m_bench.table(spec, List.of(row, new DataCell[]{new StringCell("/other")}));
        final String message = assertThrows(NodeExecutionException.class, () -> read(s -> {
        }, two)).getMessage();
        assertTrue(message.contains("2 folders") && message.contains("/other"), message);
    }

    @Test
    void withoutAFolderTheNodeSaysWhatToDo() {
        final String message = assertThrows(InvalidSettingsException.class, () -> read(s -> {
        }, null)).getMessage();
        assertTrue(message.contains("Enter its folder in the dialog, or connect"), message);
    }

    @Test
    void aFolderThatIsNotThereIsRefused() {
        final String message = assertThrows(NodeExecutionException.class,
            () -> read(s -> s.addString("folder", "/no/such/folder"), null)).getMessage();
        assertTrue(message.contains("/no/such/folder"), message);
    }

    @Test
    void aFileThatIsNoDicomdirIsRefused() throws Exception {
        final String file = firstSlice("A").toString();
        final String message = assertThrows(NodeExecutionException.class,
            () -> read(s -> s.addString("folder", file), null)).getMessage();
        assertTrue(message.contains("is a file; choose the folder"), message);
    }

    @Test
    void nothingUsableIsAFailureThatTellsWhy() throws Exception {
        final Path empty = Files.createDirectory(m_folder.resolve("empty"));
        assertTrue(assertThrows(NodeExecutionException.class, () -> read(s -> s.addString("folder", empty.toString()),
            null)).getMessage().contains("holds no files"));
        Files.writeString(empty.resolve("notes.txt"), "hello");
        final String message = assertThrows(NodeExecutionException.class,
            () -> read(s -> s.addString("folder", empty.toString()), null)).getMessage();
        assertTrue(message.contains("No usable series") && message.contains("notes.txt"), message);
    }

    @Test
    void otherModalitiesAreLeftOutAndListed() throws Exception {
        assertTrue(assertThrows(NodeExecutionException.class, () -> read(s -> {
            s.addString("folder", m_study.toString());
            s.addString("modalities", "CT");
        }, null)).getMessage().contains("No usable series"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> read(s -> {
            s.addString("folder", m_study.toString());
            s.addString("modalities", "MR, tomography");
        }, null)).getMessage().contains("tomography"));
    }

    @Test
    void seriesAreChosenByTheirDescription() throws Exception {
        // The test's writer calls every series Volume.
        assertEquals(2, read(s -> {
            s.addString("folder", m_study.toString());
            s.addString("descriptionPattern", " vol* ");
        }, null).rows(0).size());
        assertTrue(assertThrows(NodeExecutionException.class, () -> read(s -> {
            s.addString("folder", m_study.toString());
            s.addString("descriptionPattern", "t1*");
        }, null)).getMessage().contains("does not match \"t1*\""));
    }

    @Test
    void headerAttributesBecomeColumns() throws Exception {
        final Result result = read(s -> {
            s.addString("folder", m_study.toString());
            s.addStringArray("attributes", "Manufacturer", "Echo Time");
            s.addString("furtherAttributes", "(0018,0088); 00185100;");
        }, null);
        final String[] names = result.table(0).getDataTableSpec().getColumnNames();
        assertEquals(List.of("Manufacturer", "Echo Time", "(0018,0088)", "(0018,5100)"),
            List.of(names).subList(7, names.length));
        final DataRow row = result.rows(0).get(0);
        assertEquals("ScanBridge", text(row, 7));
        assertTrue(row.getCell(8).isMissing(), "the header has an empty Echo Time");
        assertEquals(2, Double.parseDouble(text(row, 9)), 1e-9);
        assertEquals("HFS", text(row, 10));
    }

    @Test
    void identifyingAttributesNeedTheSwitch() throws Exception {
        for (final String tag : List.of("(0010,0010)", "(0008,0080)", "(0009,1001)", "(0010,0020)")) {
            final String message = assertThrows(InvalidSettingsException.class, () -> read(s -> {
                s.addString("folder", m_study.toString());
                s.addString("furtherAttributes", tag);
            }, null)).getMessage();
            assertTrue(message.contains("may tell who the patient is") && message.contains("Allow identifying"), message);
        }
        assertEquals(PATIENT, text(read(s -> {
            s.addString("folder", m_study.toString());
            s.addString("furtherAttributes", "(0010,0020)");
            s.addBoolean("allowIdentifying", true);
        }, null).rows(0).get(0), 7));
    }

    @Test
    void badAttributesAndRulesAreNamed() {
        final Map<String, String> bad =
            Map.of("furtherAttributes", "Echo", "missingSlices", "NONE", "tiltedSlices", "x", "padding", "", "values", "");
        bad.forEach((key, value) -> assertThrows(InvalidSettingsException.class, () -> read(s -> {
            s.addString("folder", m_study.toString());
            s.addString(key, value);
        }, null), key));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> read(s -> {
            s.addString("folder", m_study.toString());
            s.addString("furtherAttributes", "(7FE0,0010)");
        }, null)).getMessage().contains("neither text nor numbers"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> read(s -> {
            s.addString("folder", m_study.toString());
            s.addDouble("paddingValue", Double.NaN);
        }, null)).getMessage().contains("Padding value"));
    }

    @Test
    void labelMapsInNiftiFilesJoinOnlyIfAskedTo() throws Exception {
        final byte[] labels = new byte[GRID.voxelCount()];
        labels[7] = 3;
        NiftiWriter.write(m_study.resolve("B/manual.nii.gz"),
            new LabelVolume(labels, GRID, VolumeInfo.UNKNOWN, LabelSet.of()));
        // Both subjects lie on the same grid: take A away, so that it is clear which image the label map belongs to.
        try (var files = Files.walk(m_study.resolve("A"))) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        assertTrue(read().rows(0).get(0).getCell(5).isMissing());
        final LabelVolumeValue joined = (LabelVolumeValue)read(s -> {
            s.addString("folder", m_study.toString());
            s.addBoolean("nifti", true);
        }, null).rows(0).get(0).getCell(5);
        assertArrayEquals(labels, joined.labelVolume().voxels());
    }

    private void manual(final String path, final Geometry grid, final int... voxels) throws IOException {
        final byte[] labels = new byte[grid.voxelCount()];
        for (final int v : voxels) {
            labels[v] = 3;
        }
        Files.createDirectories(m_study.resolve(path).getParent());
        NiftiWriter.write(m_study.resolve(path), new LabelVolume(labels, grid, VolumeInfo.UNKNOWN, LabelSet.of()));
    }

    /** Rater 2 segmented both series, rater 1 only one; A has a segmentation by nobody's folder besides. */
    @Test
    void ratersHaveColumnsOfTheirOwn() throws Exception {
        manual("B/r1/m.nii.gz", GRID, 7);
        manual("B/r2/m.nii.gz", GRID, 7, 8);
        manual("B/r3/m.nii.gz", GRID, 9);
        final Bench.Change byFolder = s -> {
            s.addString("folder", m_study.toString());
            s.addBoolean("nifti", true);
            s.addString("raterColumns", "COLUMNS");
            s.addString("ratersBy", "FOLDER");
            s.addInt("raters", 4);
        };
        final Result result = read(byFolder, null);
        final DataTableSpec spec = result.table(0).getDataTableSpec();
        assertEquals("Segmentation", spec.getColumnSpec(5).getName());
        assertEquals("Segmentation 2", spec.getColumnSpec(6).getName());
        assertEquals("Segmentation 4", spec.getColumnSpec(8).getName());
        assertEquals("Input Hash", spec.getColumnSpec(9).getName());
        final DataRow a = result.rows(0).get(0);
        final DataRow b = result.rows(0).get(1);
        // in the order of the alphabet: the folder of the study's own segmentation of A, r1, r2, r3
        assertEquals(List.of(false, true, true, true), missing(a));
        assertEquals(List.of(true, false, false, false), missing(b));
        assertEquals(2, count(b, 7));
        final Result two = read(s -> {
            byFolder.apply(s);
            s.addInt("raters", 2);
        }, null);
        assertTrue(two.warning().contains("4 raters, more than the 2 columns"), two.warning());
        assertTrue(assertThrows(InvalidSettingsException.class, () -> read(s -> {
            byFolder.apply(s);
            s.addInt("raters", 1);
        }, null)).getMessage().contains("\"Raters\" is 1"));
    }

    /** Without names of classes, each label map is another opinion. */
    @Test
    void byDefaultOneSegmentationIsTakenAndTheWayOutIsNamed() throws Exception {
        manual("B/r1.nii.gz", GRID, 7);
        manual("B/r2.nii.gz", GRID, 7, 8);
        final Result joined = read(s -> {
            s.addString("folder", m_study.toString());
            s.addBoolean("nifti", true);
        }, null);
        assertEquals(1, count(joined.rows(0).get(1), 5));
        assertTrue(joined.warning().contains("\"One column per rater\""), joined.warning());
        final DataRow b = read(s -> {
            s.addString("folder", m_study.toString());
            s.addBoolean("nifti", true);
            s.addString("raterColumns", "COLUMNS");
        }, null).rows(0).get(1);
        assertEquals(1, count(b, 5));
        assertEquals(2, count(b, 6));
    }

    private static List<Boolean> missing(final DataRow row) {
        return List.of(row.getCell(5).isMissing(), row.getCell(6).isMissing(), row.getCell(7).isMissing(),
            row.getCell(8).isMissing());
    }

    private static int count(final DataRow row, final int column) {
        int n = 0;
        for (final byte v : ((LabelVolumeValue)row.getCell(column)).labelVolume().voxels()) {
            n += v != 0 ? 1 : 0;
        }
        return n;
    }

    /**
     * A label map with twice the voxels along i and j, over the field of view of the image: the four that lie in the image's
     * voxel (1, 1, 1) are labeled, so that it alone is after resampling.
     */
    @Test
    void aSegmentationOnAnotherGridIsBroughtOverByTheVolumeResampler() throws Exception {
        final double[] o = GRID.position(-0.25, -0.25, 0);
        final Geometry fine = new Geometry(new int[]{2 * GRID.size(0), 2 * GRID.size(1), GRID.size(2)},
            new double[]{GRID.spacing(0) / 2, GRID.spacing(1) / 2, GRID.spacing(2)}, o, GRID.direction());
        final int first = (1 * fine.size(1) + 2) * fine.size(0) + 2;
        manual("B/fine.nii.gz", fine, first, first + 1, first + fine.size(0), first + fine.size(0) + 1);
        final Result result = read(s -> {
            s.addString("folder", m_study.toString());
            s.addBoolean("nifti", true);
        }, null);
        final LabelVolumeValue own = (LabelVolumeValue)result.rows(0).get(1).getCell(5);
        assertEquals(fine.size(0), own.geometry().size(0));
        assertEquals(List.of("kept"), result.rows(1).stream().filter(r -> text(r, 0).endsWith("fine.nii.gz"))
            .map(r -> text(r, 3)).toList());
        final Result resampled = m_bench.run(new VolumeResamplerNodeFactory(), s -> {
            s.addString("content", "SEGMENTATION");
            s.addString("grid", "REFERENCE_COLUMN");
            s.addString("referenceColumn", "Image");
        }, result.table(0), null);
        final int column = resampled.table(0).getDataTableSpec().findColumnIndex("Resampled Segmentation");
        final LabelVolume labels = ((LabelVolumeValue)resampled.rows(0).get(1).getCell(column)).labelVolume();
        assertTrue(labels.geometry().sameGrid(GRID));
        assertEquals(1, count(resampled.rows(0).get(1), column));
        assertEquals(3, labels.get(1, 1, 1));
    }

    /** The archives count as the folders of the sites; the voxels are those of the files unzipped. */
    @Test
    void archivesAreReadLikeFolders() throws Exception {
        final Path zipped = Files.createDirectory(m_folder.resolve("zipped"));
        for (final String site : List.of("A", "B")) {
            try (var out = new java.util.zip.ZipOutputStream(Files.newOutputStream(zipped.resolve(site + ".zip")));
                var files = Files.walk(m_study.resolve(site))) {
                for (final Path file : files.filter(Files::isRegularFile).toList()) {
                    out.putNextEntry(new java.util.zip.ZipEntry(m_study.resolve(site).relativize(file).toString()));
                    out.write(Files.readAllBytes(file));
                }
            }
        }
        final Result result = read(s -> s.addString("folder", zipped.toString()), null);
        assertNull(result.warning());
        final List<DataRow> right = read().rows(0);
        for (int r = 0; r < 2; r++) {
            final DataRow row = result.rows(0).get(r);
            assertEquals(text(right.get(r), 1), text(row, 1));
            assertEquals(text(right.get(r), 2), text(row, 2));
            assertArrayEquals(((VolumeValue)right.get(r).getCell(4)).volume().voxels(),
                ((VolumeValue)row.getCell(4)).volume().voxels());
        }
        assertFalse(result.rows(0).get(0).getCell(5).isMissing());
    }

    @Test
    void aDeidentifiedCopyIsWrittenBeside() throws Exception {
        final Path copy = m_folder.resolve("copy");
        final Bench.Change change = s -> {
            s.addString("folder", m_study.toString());
            s.addBoolean("copy", true);
            s.addString("copyFolder", copy.toString());
        };
        assertEquals(2, read(change, null).rows(0).size());
        try (var files = Files.walk(copy)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(file.toString().contains(PATIENT), file.toString());
                assertFalse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(PATIENT),
                    file.toString());
            }
        }
        // The copy is a study like the original.
        final Result again = read(s -> s.addString("folder", copy.toString()), null);
        assertEquals(2, again.rows(0).size());
        assertFalse(again.rows(0).get(0).getCell(5).isMissing(), "the segmentation still belongs to its image");
        assertTrue(assertThrows(NodeExecutionException.class, () -> read(change, null)).getMessage()
            .contains("not empty"));
        assertTrue(assertThrows(NodeExecutionException.class, () -> read(s -> {
            s.addString("folder", m_study.toString());
            s.addBoolean("copy", true);
            s.addString("copyFolder", m_study.resolve("inside").toString());
        }, null)).getMessage().contains("cannot lie in the folder"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> read(s -> {
            s.addString("folder", m_study.toString());
            s.addBoolean("copy", true);
        }, null)).getMessage().contains("Folder of the copy"));
    }

    @Test
    void theKeyMayLieInAFile() throws Exception {
        final Path key = Files.writeString(m_folder.resolve("key.txt"), "secret\n");
        final String fromFile = text(read(s -> {
            s.addString("folder", m_study.toString());
            s.addString("pseudonymKeyFile", key.toString());
        }, null).rows(0).get(0), 0);
        assertEquals(text(read(s -> {
            s.addString("folder", m_study.toString());
            s.addString("pseudonymKey", "secret");
        }, null).rows(0).get(0), 0), fromFile);
    }

    /** Workflows that were stored before there were further settings have these keys alone. */
    @Test
    void settingsOfOlderWorkflowsStillLoad() throws Exception {
        final List<String> old = List.of("folder", "folderColumn", "site", "modalities", "minimumSlices",
            "missingSlices", "onProblem", "pseudonymKey");
        final NodeHost host = m_bench.configured(new DicomReaderNodeFactory(),
            s -> s.addString("folder", m_study.toString()), (PortObject)null);
        final NodeSettings all = host.saveSettings();
        final NodeSettings kept = new NodeSettings("model");
        for (final String key : old) {
            if (key.equals("minimumSlices")) {
                kept.addInt(key, all.getInt(key));
            } else {
                kept.addString(key, all.getString(key));
            }
        }
        host.loadSettings(kept);
        host.configure(new PortObjectSpec[]{null});
        final PortObject[] out = host.execute(new PortObject[]{null}, new DefaultNodeProgressMonitor());
        assertEquals(2, ((BufferedDataTable)out[0]).size());
        assertEquals(7, ((BufferedDataTable)out[0]).getDataTableSpec().getNumColumns());
    }

    @Test
    void progressCountsSeries() throws Exception {
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        m_bench.run(new DicomReaderNodeFactory(), progress, s -> s.addString("folder", m_study.toString()),
            (PortObject)null);
        assertEquals("Reading series 2 of 2 (4 files)", progress.getMessage());
    }

    @Test
    void aCancelledRunEndsAsCancelled() {
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        assertThrows(CanceledExecutionException.class, () -> m_bench.run(new DicomReaderNodeFactory(), progress,
            s -> s.addString("folder", m_study.toString()), (PortObject)null));
    }

    @Test
    void sitesMayBeFoldersOfADeeperLevel() throws Exception {
        final Path deep = m_folder.resolve("deep");
        Files.createDirectories(deep.resolve("train"));
        Files.createDirectories(deep.resolve("test"));
        Files.move(m_study.resolve("A"), deep.resolve("train/A"));
        Files.move(m_study.resolve("B"), deep.resolve("test/B"));
        final Result result = read(s -> {
            s.addString("folder", deep.toString());
            s.addInt("folderLevel", 2);
        }, null);
        assertEquals(List.of("A", "B"), result.rows(0).stream().map(r -> text(r, 1)).toList());
        // the series folders are now above the level
        final NodeExecutionException e = assertThrows(NodeExecutionException.class, () -> read(s -> {
            s.addString("folder", deep.toString());
            s.addInt("folderLevel", 4);
        }, null));
        assertTrue(e.getMessage().contains("level 4"), e.getMessage());
        assertThrows(InvalidSettingsException.class, () -> read(s -> {
            s.addString("folder", deep.toString());
            s.addInt("folderLevel", 0);
        }, null));
    }

    @Test
    void subjectsMayBeStudiesOrFolders() throws Exception {
        final List<String> subjects = new java.util.ArrayList<>();
        for (final String rule : new String[]{"PATIENT", "STUDY", "FOLDER"}) {
            final Result result = read(s -> {
                s.addString("folder", m_study.toString());
                s.addString("subject", rule);
            }, null);
            assertEquals(2, result.rows(0).stream().map(r -> text(r, 0)).distinct().count());
            subjects.add(text(result.rows(0).get(0), 0));
        }
        assertEquals(3, subjects.stream().distinct().count(), "the ids are hashes of different things");
    }

    /** The warning counts what was left out and quotes the worst, though another problem comes first in the table. */
    @Test
    void theWarningCountsLossesAndQuotesTheWorst() throws Exception {
        Files.writeString(m_study.resolve("A/a-note.txt"), "not DICOM at all");
        Files.writeString(m_study.resolve("A/broken.dcm"), "not DICOM at all");
        try (var files = Files.walk(m_study.resolve("B"))) {
            Files.delete(files.filter(f -> f.toString().endsWith(".dcm")).sorted().toList().get(1));
        }
        final Result result = read();
        assertTrue(result.warning().startsWith("3 problems were found, see the second output. Left out: 1 series,"
            + " 1 file or group of files. The worst: B/"), result.warning());
        assertTrue(result.warning().contains("slice 2 of 4 is missing"), result.warning());
        final NodeExecutionException e = assertThrows(NodeExecutionException.class, () -> read(s -> {
            s.addString("folder", m_study.toString());
            s.addString("onProblem", "FAIL");
        }, null));
        assertTrue(e.getMessage().contains("2 problems, the first: B/"), e.getMessage());
    }

    @Test
    void anImageOfOneValueIsNamed() throws Exception {
        final Path empty = m_folder.resolve("empty");
        final VolumeInfo info = new VolumeInfo("MR", "A", "x", "x-T1", "");
        new DicomStudyWriter("seed").write(empty, List.of(subject("A", "y", false), new StudySubject("A", "x",
            new Volume(new float[GRID.voxelCount()], GRID, info), Optional.empty())), Progress.NONE);
        final Result result = read(s -> s.addString("folder", empty.toString()), null);
        assertEquals(2, result.rows(0).size());
        assertEquals(1, result.rows(1).size());
        assertEquals("empty image", text(result.rows(1).get(0), 2));
        assertEquals("All 48 voxels of the image are 0.0.", text(result.rows(1).get(0), 4));
        assertTrue(result.warning().contains("Nothing was lost."), result.warning());
    }

    /** Voxel 0 of the first slice is padding by the header, and gets the lowest value of the others. */
    @Test
    void whatBecameOfPaddingIsARowOfTheProblems() throws Exception {
        final Path file = firstSlice("B");
        final byte[] bytes = Files.readAllBytes(file);
        final byte[] representation = {0x28, 0, 3, 1, 'U', 'S', 2, 0};
        int at = 0;
        while (!Arrays.equals(bytes, at, at + representation.length, representation, 0, representation.length)) {
            at++;
        }
        final ByteArrayOutputStream padded = new ByteArrayOutputStream();
        padded.write(bytes, 0, at + 10);
        // twelve pixels of two bytes end the file
        padded.write(new byte[]{0x28, 0, 0x20, 1, 'U', 'S', 2, 0, bytes[bytes.length - 24], bytes[bytes.length - 23]});
        padded.write(bytes, at + 10, bytes.length - at - 10);
        Files.write(file, padded.toByteArray());
        final Result result = read(t -> {
            t.addString("folder", m_study.toString());
            t.addString("padding", "LOWEST");
        }, null);
        assertEquals(2, result.rows(0).size());
        final DataRow problem =
            result.rows(1).stream().filter(r -> text(r, 4).contains("padding")).findFirst().orElseThrow();
        assertEquals(text(result.rows(0).get(1), 2), text(problem, 1));
        assertTrue(text(problem, 4).startsWith("1 voxels"), text(problem, 4));
        assertTrue(result.warning().contains("Nothing was lost."), result.warning());
    }
}
