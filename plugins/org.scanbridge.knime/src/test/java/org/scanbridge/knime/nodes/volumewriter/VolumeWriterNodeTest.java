package org.scanbridge.knime.nodes.volumewriter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnProperties;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.nifti.NiftiReader;
import org.scanbridge.dicom.study.DicomStudyWriter;
import org.scanbridge.dicom.study.StudySubject;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.dicomreader.DicomReaderNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;

class VolumeWriterNodeTest {

    /** Turned by about 25 degrees, so that no axis is one of the patient's. */
    private static final Geometry GRID = new Geometry(new int[]{4, 3, 5}, new double[]{0.5, 0.75, 2},
        new double[]{-11.5, 20.25, 3}, new double[]{0.9, 0, -0.4358898943540674, 0, 1, 0, 0.4358898943540674, 0, 0.9});

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private Path m_study;

    private Path m_out;

    private DataRow m_image;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        m_study = m_folder.resolve("study");
        m_out = m_folder.resolve("out");
        final float[] voxels = new float[GRID.voxelCount()];
        voxels[3] = 1000;
        new DicomStudyWriter("seed").write(m_study, List.of(new StudySubject("A", "a",
            new Volume(voxels, GRID, new VolumeInfo("MR", "A", "a", "", "")), Optional.empty())), Progress.NONE);
        m_image = Bench.rows(read(m_study)).get(0);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private BufferedDataTable read(final Path folder) throws Exception {
        return m_bench.run(new DicomReaderNodeFactory(), s -> s.addString("folder", folder.toString()),
            (PortObject)null).table(0);
    }

    private static float[] normalized(final Geometry grid) {
        final float[] voxels = new float[grid.voxelCount()];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (float)Math.sin(v) * 1.5f;
        }
        return voxels;
    }

    private BufferedDataTable table(final Geometry grid, final float[] voxels, final String... series) throws Exception {
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final DataCell cell = cells.create("n", new Volume(voxels, grid, VolumeInfo.UNKNOWN));
        final DataColumnSpecCreator column = new DataColumnSpecCreator("Normalized", VolumeCell.TYPE);
        column.setProperties(new DataColumnProperties(Map.of("scanbridge.normalization", "z-score per image")));
        final DataTableSpec spec = new DataTableSpec(
            new DataColumnSpecCreator("Series", StringCell.TYPE).createSpec(), column.createSpec());
        return m_bench.table(spec, Stream.of(series).map(s -> new DataCell[]{new StringCell(s), cell}).toList());
    }

    private BufferedDataTable table() throws Exception {
        return table(GRID, normalized(GRID), m_image.getCell(2).toString());
    }

    private Result write(final Bench.Change change, final BufferedDataTable table) throws Exception {
        return m_bench.run(new VolumeWriterNodeFactory(), s -> {
            s.addString("studyFolder", m_study.toString());
            s.addString("outputFolder", m_out.toString());
            change.apply(s);
        }, table, null);
    }

    private static Path file(final Result result) {
        return Path.of(result.rows(0).get(0).getCell(1).toString());
    }

    private static List<Path> slices(final Path folder) throws Exception {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void aSeriesIsReadBackWithValuesAndGeometry() throws Exception {
        final Result result = write(s -> {
        }, table());
        assertNull(result.warning());
        final Volume back = ((VolumeValue)Bench.rows(read(m_out)).get(0).getCell(4)).volume();
        assertTrue(back.geometry().sameGrid(GRID), back.geometry().toString());
        // The range of 3 in 65535 steps: values are kept to half a step, and to single precision.
        assertArrayEquals(normalized(GRID), back.voxels(), (float)(0.5 * 3 / 65535 + 2e-7));
    }

    @Test
    void theSeriesIsADerivedOneOfTheSameStudy() throws Exception {
        final Path folder = file(write(s -> {
        }, table()));
        assertEquals("IMG-" + m_image.getCell(2) + "-Normalized", folder.getFileName().toString());
        final List<Path> derived = slices(folder);
        final List<Path> sources = slices(m_study);
        assertEquals(5, derived.size());
        for (int k = 0; k < 5; k++) {
            try (DicomFile image = DicomFile.open(derived.get(k)); DicomFile source = DicomFile.open(sources.get(k))) {
                for (final int tag : new int[]{Tag.STUDY_INSTANCE_UID, Tag.PATIENT_ID, Tag.FRAME_OF_REFERENCE_UID}) {
                    assertEquals(source.data().text(tag), image.data().text(tag));
                }
                for (final int tag : new int[]{Tag.SERIES_INSTANCE_UID, Tag.SOP_INSTANCE_UID}) {
                    assertNotEquals(source.data().text(tag), image.data().text(tag));
                }
                assertEquals(source.data().text(Tag.SOP_INSTANCE_UID),
                    image.data().items(Tag.SOURCE_IMAGE_SEQUENCE).get(0).text(Tag.REFERENCED_SOP_INSTANCE_UID));
                assertEquals(List.of("DERIVED", "SECONDARY"), image.data().texts(Tag.IMAGE_TYPE).subList(0, 2));
                assertEquals("Normalized by ScanBridge: z-score per image",
                    image.data().text(Tag.DERIVATION_DESCRIPTION));
                assertEquals("Normalized", image.data().text(Tag.SERIES_DESCRIPTION));
            }
        }
    }

    /** A derived series is one more series of the study, and written again it is another one. */
    @Test
    void writtenAgainItIsAnotherSeries() throws Exception {
        final Path folder = file(write(s -> s.addString("description", "flat"), table()));
        final String first;
        try (DicomFile image = DicomFile.open(slices(folder).get(0))) {
            first = image.data().text(Tag.SERIES_INSTANCE_UID);
            assertEquals("flat", image.data().text(Tag.SERIES_DESCRIPTION));
        }
        write(s -> s.addBoolean("replace", true), table());
        try (DicomFile image = DicomFile.open(slices(folder).get(0))) {
            assertNotEquals(first, image.data().text(Tag.SERIES_INSTANCE_UID));
        }
        assertEquals(1, Bench.rows(read(m_out)).size(), "the first one is gone");
    }

    @Test
    void aResampledImageRefersToAllSources() throws Exception {
        final Geometry coarse = new Geometry(new int[]{2, 2, 3}, new double[]{1, 1, 3}, GRID.origin(), GRID.direction());
        final Path folder = file(write(s -> {
        }, table(coarse, normalized(coarse), m_image.getCell(2).toString())));
        try (DicomFile image = DicomFile.open(slices(folder).get(1))) {
            assertEquals(5, image.data().items(Tag.SOURCE_IMAGE_SEQUENCE).size());
        }
        assertTrue(((VolumeValue)Bench.rows(read(m_out)).get(0).getCell(4)).geometry().sameGrid(coarse));
    }

    @Test
    void niftiKeepsEveryBit() throws Exception {
        final Path file = file(m_bench.run(new VolumeWriterNodeFactory(), s -> {
            s.addString("outputFolder", m_out.toString());
            s.addString("form", "NIFTI");
        }, table(), null));
        final Volume back = NiftiReader.readVolume(file, VolumeInfo.UNKNOWN);
        assertArrayEquals(normalized(GRID), back.voxels());
        assertTrue(back.geometry().sameGrid(GRID));
    }

    @Test
    void oneFailureDoesNotCostTheOthers() throws Exception {
        final Result result = write(s -> {
        }, table(GRID, normalized(GRID), "stranger", m_image.getCell(2).toString()));
        assertTrue(result.rows(0).get(0).getCell(2).toString().contains("Series stranger is not in the study folder"));
        assertFalse(result.rows(0).get(1).getCell(1).isMissing());
        assertTrue(result.warning().startsWith("1 of 2 images were not written"), result.warning());
    }

    @Test
    void whatDicomCannotHoldIsNamedAndLeavesNothing() throws Exception {
        final float[] voxels = normalized(GRID);
        voxels[8] = Float.NaN;
        final BufferedDataTable table = table(GRID, voxels, m_image.getCell(2).toString());
        assertTrue(assertThrows(NodeExecutionException.class, () -> write(s -> {
        }, table)).getMessage().contains("NaN"));
        try (var files = Files.list(m_out)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void whatIsThereIsKeptUnlessToldOtherwise() throws Exception {
        final Path folder = file(write(s -> {
        }, table()));
        Files.writeString(folder.resolve("mine.txt"), "mine");
        final BufferedDataTable table = table();
        assertTrue(assertThrows(NodeExecutionException.class, () -> write(s -> {
        }, table)).getMessage().contains("exists already"));
        assertEquals("mine", Files.readString(folder.resolve("mine.txt")));
    }

    @Test
    void badSettingsAreNamed() throws Exception {
        final BufferedDataTable table = table();
        final Map<String, String> bad = Map.of("outputFolder", " ", "studyFolder", "", "description", "x".repeat(65),
            "derivation", "x".repeat(1025), "pseudonymKey", "", "imageColumn", "Series", "seriesColumn", "Image");
        bad.forEach((key, value) -> assertThrows(InvalidSettingsException.class,
            () -> write(s -> s.addString(key, value), table), key));
    }

    @Test
    void aCancelledRunEndsAsCancelled() throws Exception {
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        final BufferedDataTable table = table();
        assertThrows(CanceledExecutionException.class, () -> m_bench.run(new VolumeWriterNodeFactory(), progress, s -> {
            s.addString("studyFolder", m_study.toString());
            s.addString("outputFolder", m_out.toString());
        }, table, null));
    }

    /** One large series must not have to be written to its end. */
    @Test
    void cancellingWithinASeriesLeavesNothing() throws Exception {
        final AtomicReference<Runnable> cancel = new AtomicReference<>();
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor((fraction, message) -> {
            if (message.contains("slice 3 of 5")) {
                cancel.get().run();
            }
        });
        cancel.set(progress::setExecuteCanceled);
        final BufferedDataTable table = table();
        assertThrows(CanceledExecutionException.class, () -> m_bench.run(new VolumeWriterNodeFactory(), progress, s -> {
            s.addString("studyFolder", m_study.toString());
            s.addString("outputFolder", m_out.toString());
        }, table, null));
        try (var files = Files.list(m_out)) {
            assertEquals(0, files.count());
        }
    }
}
