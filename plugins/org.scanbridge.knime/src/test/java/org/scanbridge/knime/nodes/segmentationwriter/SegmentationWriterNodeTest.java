package org.scanbridge.knime.nodes.segmentationwriter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
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
import org.knime.core.data.DataType;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.nifti.NiftiReader;
import org.scanbridge.dicom.study.DicomStudyWriter;
import org.scanbridge.dicom.study.StudySubject;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.dicomreader.DicomReaderNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;

class SegmentationWriterNodeTest {

    private static final Geometry GRID = Geometry.axial(new int[]{4, 3, 5}, 0.5, 0.75, 2);

    private static final LabelSet LABELS = LabelSet.of("CSF", "GM", "WM");

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private Path m_study;

    private Path m_out;

    private BufferedDataTable m_images;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        m_study = m_folder.resolve("study");
        m_out = m_folder.resolve("out");
        final float[] voxels = new float[GRID.voxelCount()];
        voxels[3] = 1000;
        final VolumeInfo info = new VolumeInfo("MR", "A", "a", "", "");
        new DicomStudyWriter("seed").write(m_study,
            List.of(new StudySubject("A", "a", new Volume(voxels, GRID, info), Optional.empty())), Progress.NONE);
        m_images = read();
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private BufferedDataTable read() throws Exception {
        return m_bench.run(new DicomReaderNodeFactory(), s -> s.addString("folder", m_study.toString()),
            (PortObject)null).table(0);
    }

    private static byte[] labels() {
        final byte[] labels = new byte[GRID.voxelCount()];
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)(v * 7 % 4);
        }
        return labels;
    }

    /** The segmentations of a model for the image of the study, and one for a series that is not there. */
    private BufferedDataTable segmented(final Geometry grid, final boolean withStranger) throws Exception {
        final DataRow image = Bench.rows(m_images).get(0);
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final DataCell cell = cells.create("s", new LabelVolume(labels(), grid, VolumeInfo.UNKNOWN, LABELS));
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("Series", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("my model", LabelVolumeCell.TYPE).createSpec());
        final DataCell[] row = {image.getCell(2), cell};
        final DataCell[] stranger = {new StringCell("stranger"), cell};
        return m_bench.table(spec, withStranger ? List.of(row, stranger) : List.<DataCell[]>of(row));
    }

    private Result write(final Bench.Change change, final BufferedDataTable table) throws Exception {
        return m_bench.run(new SegmentationWriterNodeFactory(), s -> {
            s.addString("studyFolder", m_study.toString());
            s.addString("outputFolder", m_out.toString());
            change.apply(s);
        }, table, null);
    }

    @Test
    void whatIsWrittenIsReadBackAsTheSegmentationOfItsImage() throws Exception {
        final Result result = write(s -> {
        }, segmented(GRID, false));
        assertNull(result.warning());
        final Path file = Path.of(result.rows(0).get(0).getCell(1).toString());
        assertEquals("SEG-" + result.rows(0).get(0).getCell(0) + "-my_model.dcm", file.getFileName().toString());
        assertTrue(result.rows(0).get(0).getCell(2).isMissing());
        Files.copy(file, m_study.resolve("A/seg.dcm"));
        final DataRow row = Bench.rows(read()).get(0);
        final LabelVolumeValue labels = (LabelVolumeValue)row.getCell(5);
        assertArrayEquals(labels(), labels.labelVolume().voxels());
        assertEquals(LABELS, labels.labels());
        assertTrue(labels.geometry().sameGrid(((VolumeValue)row.getCell(4)).geometry()));
    }

    /** A file that is handed on is counted; one that was cut off is written anew and reads back as the segmentation. */
    @Test
    void existingFilesAreHandedOnIfTheyAreWhole() throws Exception {
        for (final String form : List.of("DICOM_SEG", "NIFTI")) {
            final Bench.Change keep = s -> {
                s.addString("form", form);
                s.addBoolean("keep", true);
                if (form.equals("NIFTI")) {
                    s.addString("studyFolder", "");
                }
            };
            final Result first = write(keep, segmented(GRID, false));
            assertNull(first.warning());
            final Path file = Path.of(first.rows(0).get(0).getCell(1).toString());
            final byte[] whole = Files.readAllBytes(file);
            final Result kept = write(keep, segmented(GRID, false));
            assertTrue(kept.warning().startsWith("1 existing file was kept"), kept.warning());
            assertArrayEquals(whole, Files.readAllBytes(file));
            for (final int length : new int[]{0, whole.length - 12}) {
                Files.write(file, Arrays.copyOf(whole, length));
                final Result anew = write(keep, segmented(GRID, false));
                assertEquals("1 existing file was empty or cut off and not kept, but written anew.", anew.warning());
                assertEquals(whole.length, Files.size(file), 64);
            }
        }
    }

    /** Read again, contours give every voxel back: Dice 1. */
    @Test
    void contoursAreReadBackAsTheSegmentationOfTheirImage() throws Exception {
        final Result result = write(s -> s.addString("form", "RTSTRUCT"), segmented(GRID, false));
        assertNull(result.warning());
        final Path file = Path.of(result.rows(0).get(0).getCell(1).toString());
        assertEquals("RTSTRUCT-" + result.rows(0).get(0).getCell(0) + "-my_model.dcm", file.getFileName().toString());
        Files.copy(file, m_study.resolve("A/rt.dcm"));
        final LabelVolumeValue labels = (LabelVolumeValue)Bench.rows(read()).get(0).getCell(5);
        assertArrayEquals(labels(), labels.labelVolume().voxels());
        assertEquals(LABELS, labels.labels());
    }

    private static void region(final NodeSettings settings, final int index, final String name, final String classes) {
        final NodeSettings entry =
            (index == 0 ? settings.addNodeSettings("regions") : list(settings)).addNodeSettings(Integer.toString(index));
        entry.addString("name", name);
        entry.addString("classes", classes);
    }

    private static NodeSettings list(final NodeSettings settings) {
        try {
            return settings.getNodeSettings("regions");
        } catch (final InvalidSettingsException e) {
            throw new AssertionError(e);
        }
    }

    /** Each class has 15 of the 60 voxels: brain 30, head 45, and all of the brain lies in the head. */
    @Test
    void regionsAreWrittenInPlaceOfClasses() throws Exception {
        for (final String form : List.of("DICOM_SEG", "RTSTRUCT")) {
            final Result result = write(s -> {
                s.addString("form", form);
                s.addBoolean("replace", true);
                region(s, 0, "brain", "gm, 3");
                region(s, 1, "head", "CSF, GM, WM");
            }, segmented(GRID, false));
            assertNull(result.warning());
            Files.copy(Path.of(result.rows(0).get(0).getCell(1).toString()), m_study.resolve("A/seg.dcm"),
                StandardCopyOption.REPLACE_EXISTING);
            final LabelVolumeValue read = (LabelVolumeValue)Bench.rows(m_bench.run(new DicomReaderNodeFactory(), s -> {
                s.addString("folder", m_study.toString());
                s.addString("overlap", "KEEP_ALL");
            }, (PortObject)null).table(0)).get(0).getCell(5);
            assertEquals(Map.of(1, "brain", 2, "head", 3, "brain + head"), read.labels().names());
            final byte[] expected = new byte[GRID.voxelCount()];
            for (int v = 0; v < expected.length; v++) {
                expected[v] = new byte[]{0, 2, 3, 3}[labels()[v]];
            }
            assertArrayEquals(expected, read.labelVolume().voxels());
        }
    }

    @Test
    void aLabelMapSaysThatOverlappingRegionsBecomeClasses() throws Exception {
        for (final String form : List.of("DICOM_LABEL_MAP", "NIFTI")) {
            final Result result = write(s -> {
                s.addString("form", form);
                region(s, 0, "brain", "GM, WM");
                region(s, 1, "head", "CSF, GM, WM");
            }, segmented(GRID, false));
            assertTrue(result.warning().contains("\"brain + head\""), result.warning());
            assertFalse(result.rows(0).get(0).getCell(1).isMissing());
        }
    }

    @Test
    void regionsOfClassesThatThereAreNotAreRefusedInWords() throws Exception {
        final BufferedDataTable table = segmented(GRID, false);
        final String message = assertThrows(NodeExecutionException.class,
            () -> write(s -> region(s, 0, "tumor", "edema"), table)).getMessage();
        assertTrue(message.contains("\"tumor\"") && message.contains("\"edema\""), message);
        assertTrue(assertThrows(InvalidSettingsException.class, () -> write(s -> region(s, 0, "", "GM"), table)).getMessage()
            .contains("Regions"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> write(s -> {
            region(s, 0, "a", "GM");
            region(s, 1, "A ", "WM");
        }, table)).getMessage().contains("a name of its own"));
    }

    @Test
    void valuesWithoutAClassAndClassesInNoRegionAreNamed() throws Exception {
        final Result result = write(s -> {
            region(s, 0, "x", "7");
            region(s, 1, "brain", "GM");
        }, segmented(GRID, false));
        assertTrue(result.warning().contains("No class has the number 7 of the region \"x\"")
            && result.warning().contains("2 classes are in no region and not written: 1 \"CSF\", 3 \"WM\""), result.warning());
    }

    /** A structure without voxels of its own stays one on the way through a label map in NIfTI. */
    @Test
    void aStructureInsideAnotherIsASegmentAlsoAfterALabelMap() throws Exception {
        final byte[] voxels = new byte[GRID.voxelCount()];
        Arrays.fill(voxels, 0, 9, (byte)2);
        Arrays.fill(voxels, 9, 12, (byte)3);
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("Series", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("my model", LabelVolumeCell.TYPE).createSpec());
        for (final LabelSet classes : List.of(LabelSet.of("lesion", "organ", "lesion + organ"),
            LabelSet.of(Map.of(2, "organ", 3, "lesion + organ")))) {
            final BufferedDataTable table = m_bench.table(spec, List.<DataCell[]>of(new DataCell[]{
                Bench.rows(m_images).get(0).getCell(2),
                VolumeCellFactory.of(m_bench.context()).create("s",
                    new LabelVolume(voxels, GRID, VolumeInfo.UNKNOWN, classes))}));
            Files.copy(Path.of(write(s -> s.addBoolean("replace", true), table).rows(0).get(0).getCell(1).toString()),
                m_study.resolve("A/seg.dcm"), StandardCopyOption.REPLACE_EXISTING);
            final LabelVolumeValue read = (LabelVolumeValue)Bench.rows(m_bench.run(new DicomReaderNodeFactory(), s -> {
                s.addString("folder", m_study.toString());
                s.addString("overlap", "KEEP_ALL");
            }, (PortObject)null).table(0)).get(0).getCell(5);
            assertEquals(Map.of(1, "lesion", 2, "organ", 3, "lesion + organ"), read.labels().names());
            assertArrayEquals(voxels, read.labelVolume().voxels());
        }
    }

    @Test
    void theObjectBelongsToTheStudyOfItsImages() throws Exception {
        final Path file = Path.of(write(s -> s.addString("algorithm", "U-Net 3"), segmented(GRID, false)).rows(0).get(0)
            .getCell(1).toString());
        final Path slice;
        try (var files = Files.walk(m_study)) {
            slice = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        try (DicomFile seg = DicomFile.open(file); DicomFile image = DicomFile.open(slice)) {
            for (final int tag : new int[]{Tag.STUDY_INSTANCE_UID, Tag.PATIENT_ID, Tag.FRAME_OF_REFERENCE_UID}) {
                assertEquals(image.data().text(tag), seg.data().text(tag));
            }
            // PS3.3 A.51: Segmentation Storage.
            assertEquals("1.2.840.10008.5.1.4.1.1.66.4", seg.data().text(Tag.SOP_CLASS_UID));
            assertFalse(image.data().text(Tag.SERIES_INSTANCE_UID).equals(seg.data().text(Tag.SERIES_INSTANCE_UID)));
            final DataSet segment = seg.data().items(Tag.SEGMENT_SEQUENCE).get(0);
            assertEquals("U-Net 3", segment.text(Tag.SEGMENT_ALGORITHM_NAME));
            assertEquals("AUTOMATIC", segment.text(Tag.SEGMENT_ALGORITHM_TYPE));
        }
    }

    @Test
    void oneFailureDoesNotCostTheOthers() throws Exception {
        final Result result = write(s -> {
        }, segmented(GRID, true));
        assertFalse(result.rows(0).get(0).getCell(1).isMissing());
        assertTrue(result.rows(0).get(1).getCell(1).isMissing());
        assertTrue(result.rows(0).get(1).getCell(2).toString().contains("Series stranger is not in the study folder"));
        assertTrue(result.warning().startsWith("1 of 2 segmentations were not written"), result.warning());
    }

    @Test
    void anotherKeyOrGridIsAFailureWithAWayOut() throws Exception {
        final BufferedDataTable table = segmented(GRID, false);
        assertTrue(assertThrows(NodeExecutionException.class, () -> write(s -> s.addString("pseudonymKey", "other"),
            table)).getMessage().contains("pseudonym key that the DICOM Reader used"));
        final BufferedDataTable shifted = segmented(Geometry.axial(new int[]{4, 3, 5}, 0.5, 0.75, 3), false);
        assertTrue(assertThrows(NodeExecutionException.class, () -> write(s -> {
        }, shifted)).getMessage().contains("on their own grid"));
    }

    @Test
    void existingFilesAreKeptUnlessToldOtherwise() throws Exception {
        final Path file = Path.of(write(s -> {
        }, segmented(GRID, false)).rows(0).get(0).getCell(1).toString());
        Files.writeString(file, "mine");
        final BufferedDataTable table = segmented(GRID, false);
        assertTrue(assertThrows(NodeExecutionException.class, () -> write(s -> {
        }, table)).getMessage().contains("exists already"));
        assertEquals("mine", Files.readString(file));
        write(s -> s.addBoolean("replace", true), table);
        assertTrue(Files.size(file) > 100);
        try (var files = Files.list(m_out)) {
            assertEquals(1, files.count(), "no temporary file stays");
        }
    }

    @Test
    void theStudyMayComeFromATable() throws Exception {
        final BufferedDataTable study =
            m_bench.table(new DataTableSpec(new DataColumnSpecCreator("Folder", StringCell.TYPE).createSpec()),
                List.<DataCell[]>of(new DataCell[]{new StringCell(m_study.toString())}));
        final Result result = m_bench.run(new SegmentationWriterNodeFactory(),
            s -> s.addString("outputFolder", m_out.toString()), segmented(GRID, false), study);
        assertEquals(1, result.rows(0).size());
    }

    @Test
    void aFolderThatCannotBeMadeIsAClearError() throws Exception {
        Files.writeString(m_out, "a file in the way");
        final BufferedDataTable table = segmented(GRID, false);
        final String message = assertThrows(InvalidSettingsException.class, () -> write(s -> {
        }, table)).getMessage();
        assertTrue(message.contains(m_out.toString()) && message.contains("is not a folder"), message);
    }

    @Test
    void missingSettingsAreNamed() throws Exception {
        final BufferedDataTable table = segmented(GRID, false);
        assertTrue(assertThrows(InvalidSettingsException.class, () -> write(s -> s.addString("outputFolder", " "),
            table)).getMessage().contains("output folder"));
        assertTrue(assertThrows(InvalidSettingsException.class, () -> write(s -> s.addString("studyFolder", ""),
            table)).getMessage().contains("connect a table"));
        assertTrue(assertThrows(InvalidSettingsException.class,
            () -> write(s -> s.addString("algorithm", "x".repeat(65)), table)).getMessage().contains("64"));
    }

    @Test
    void aLabelMapIsReadBackToo() throws Exception {
        final Path file = Path.of(write(s -> s.addString("form", "DICOM_LABEL_MAP"), segmented(GRID, false)).rows(0).get(0)
            .getCell(1).toString());
        try (DicomFile seg = DicomFile.open(file)) {
            // PS3.3 A.51.6: Label Map Segmentation Storage, one frame a slice.
            assertEquals("1.2.840.10008.5.1.4.1.1.66.7", seg.data().text(Tag.SOP_CLASS_UID));
            assertEquals("LABELMAP", seg.data().text(Tag.SEGMENTATION_TYPE));
            assertEquals("5", seg.data().text(Tag.NUMBER_OF_FRAMES));
        }
        Files.copy(file, m_study.resolve("A/seg.dcm"));
        final LabelVolumeValue labels = (LabelVolumeValue)Bench.rows(read()).get(0).getCell(5);
        assertArrayEquals(labels(), labels.labelVolume().voxels());
        assertEquals(LABELS, labels.labels());
    }

    /** SNOMED CT codes of PS3.16 CID 7151 and 7166, as pydicom's dictionary gives them. */
    @Test
    void classesAreCoded() throws Exception {
        final Path file =
            Path.of(write(s -> s.addString("codes", "wm = 68523003 Cerebral white matter"), segmented(GRID, false))
                .rows(0).get(0).getCell(1).toString());
        try (DicomFile seg = DicomFile.open(file)) {
            final List<String> codes = new ArrayList<>();
            for (final DataSet segment : seg.data().items(Tag.SEGMENT_SEQUENCE)) {
                final DataSet type = segment.items(Tag.SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE).get(0);
                codes.add(segment.items(Tag.SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE).get(0).text(Tag.CODE_VALUE) + " "
                    + type.text(Tag.CODE_VALUE) + " " + type.text(Tag.CODE_MEANING));
            }
            assertEquals(List.of("91720002 65216001 Cerebrospinal Fluid", "85756007 389081007 Gray Matter",
                "85756007 68523003 Cerebral white matter"), codes);
        }
    }

    @Test
    void niftiNeedsNoStudyAndKeepsTheNames() throws Exception {
        final Result result = m_bench.run(new SegmentationWriterNodeFactory(), s -> {
            s.addString("outputFolder", m_out.toString());
            s.addString("form", "NIFTI");
        }, segmented(GRID, true), null);
        assertNull(result.warning());
        final Path file = Path.of(result.rows(0).get(0).getCell(1).toString());
        assertTrue(file.toString().endsWith("-my_model.nii.gz"), file.toString());
        assertArrayEquals(labels(), NiftiReader.readLabels(file, VolumeInfo.UNKNOWN, LabelSet.of()).voxels());
        assertEquals("index\tname\n0\tbackground\n1\tCSF\n2\tGM\n3\tWM\n",
            Files.readString(Path.of(file.toString().replace(".nii.gz", ".tsv"))));
        try (var files = Files.list(m_out)) {
            assertEquals(4, files.count(), "two label maps with their tables");
        }
    }

    @Test
    void twoRowsOfASeriesDoNotOverwriteEachOther() throws Exception {
        final DataRow row = Bench.rows(segmented(GRID, false)).get(0);
        final DataCell[] cells = {row.getCell(0), row.getCell(1)};
        final DataCell[] nameless = {DataType.getMissingCell(), row.getCell(1)};
        final BufferedDataTable table = m_bench.table(
            new DataTableSpec(new DataColumnSpecCreator("Series", StringCell.TYPE).createSpec(),
                new DataColumnSpecCreator("my model", LabelVolumeCell.TYPE).createSpec()),
            List.of(cells, cells, nameless));
        final Result result = write(s -> {
            s.addBoolean("replace", true);
            s.addString("form", "NIFTI");
        }, table);
        assertFalse(result.rows(0).get(0).getCell(1).isMissing());
        assertTrue(result.rows(0).get(1).getCell(2).toString().contains("Another row"));
        assertTrue(result.rows(0).get(2).getCell(2).toString().contains("no series id"));
    }

    @Test
    void badCodesAreNamed() throws Exception {
        final BufferedDataTable table = segmented(GRID, false);
        for (final String codes : List.of("liver", "liver = T-62000", "= 10200004")) {
            assertTrue(assertThrows(InvalidSettingsException.class, () -> write(s -> s.addString("codes", codes), table))
                .getMessage().contains("Codes"), codes);
        }
    }

    @Test
    void aCancelledRunEndsAsCancelled() throws Exception {
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        final BufferedDataTable table = segmented(GRID, false);
        assertThrows(CanceledExecutionException.class,
            () -> m_bench.run(new SegmentationWriterNodeFactory(), progress, s -> {
                s.addString("studyFolder", m_study.toString());
                s.addString("outputFolder", m_out.toString());
            }, table, null));
    }
}
