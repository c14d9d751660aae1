package org.scanbridge.knime.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
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
import org.scanbridge.knime.nodes.dicomarchivequery.DicomArchiveQueryNodeFactory;
import org.scanbridge.knime.nodes.dicomarchivereader.DicomArchiveReaderNodeFactory;
import org.scanbridge.knime.nodes.dicomarchivewriter.DicomArchiveWriterNodeFactory;
import org.scanbridge.knime.nodes.dicomreader.DicomReaderNodeFactory;
import org.scanbridge.knime.nodes.segmentationwriter.SegmentationWriterNodeFactory;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.knime.testing.MiniArchive;

/** The three nodes of the archive, from the query to the stored segmentation, against an archive in memory. */
class ArchiveNodesTest {

    private static final Geometry GRID = Geometry.axial(new int[]{4, 3, 3}, 1, 2, 3);

    private static final LabelSet LABELS = LabelSet.of("CSF", "GM");

    @TempDir
    Path m_folder;

    private Bench m_bench;

    private MiniArchive m_archive;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
        m_archive = new MiniArchive();
        for (final String subject : List.of("a", "b")) {
            final float[] voxels = new float[GRID.voxelCount()];
            voxels[3] = 1000 + subject.charAt(0);
            final byte[] labels = new byte[GRID.voxelCount()];
            labels[5] = 2;
            final VolumeInfo info = new VolumeInfo("MR", "A", subject, "", "");
            new DicomStudyWriter("seed").write(study(subject), List.of(new StudySubject("A", subject, new Volume(voxels, GRID, info),
                subject.equals("a") ? Optional.of(new LabelVolume(labels, GRID, info, LABELS)) : Optional.empty())), Progress.NONE);
            m_archive.add(study(subject), "ACC-" + subject);
        }
    }

    private Path study(final String subject) {
        return m_folder.resolve("study").resolve(subject);
    }

    @AfterEach
    void close() {
        m_archive.close();
        m_bench.close();
    }

    private Result run(final NodeFactory<?> factory, final Bench.Change change, final PortObject... inputs) throws Exception {
        return m_bench.run(factory, s -> {
            s.getConfig("archive").addString("address", m_archive.address());
            s.getConfig("archive").addInt("tries", 1);
            if (s.containsKey("cacheFolder")) {
                s.addString("cacheFolder", m_folder.resolve("cache").toString());
            }
            change.apply(s);
        }, inputs);
    }

    private BufferedDataTable requests(final String... accessions) {
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("Accession Number", StringCell.TYPE).createSpec());
        return m_bench.table(spec, Stream.of(accessions).map(a -> new DataCell[]{new StringCell(a)}).toList());
    }

    private Result query(final BufferedDataTable requests) throws Exception {
        return run(new DicomArchiveQueryNodeFactory(), s -> {
        }, requests);
    }

    private static Map<String, DataRow> bySeries(final BufferedDataTable table) {
        final Map<String, DataRow> rows = new TreeMap<>();
        Bench.rows(table).forEach(r -> rows.put(r.getCell(2).toString(), r));
        return rows;
    }

    @Test
    void readsWhatTheDicomReaderReadsFromAFolder() throws Exception {
        final Result found = query(requests("ACC-a", "ACC-b", "ACC-none"));
        assertEquals(List.of("Subject", "Series", "Modality", "Images", "Request", "Reference"),
            List.of(found.table(0).getDataTableSpec().getColumnNames()));
        assertTrue(found.warning().contains("1 of 3 requests: Row2."), found.warning());
        assertEquals(List.of("MR Row0 3", "MR Row1 3", "SEG Row0 1"), found.rows(0).stream()
            .map(r -> r.getCell(2) + " " + r.getCell(4) + " " + ((IntCell)r.getCell(3)).getIntValue()).sorted().toList());
        final Result read = run(new DicomArchiveReaderNodeFactory(), s -> {
        }, found.table(0));
        final Result folder = m_bench.run(new DicomReaderNodeFactory(), s -> {
            s.addString("folder", m_folder.resolve("study").toString());
            s.addString("site", "INSTITUTION");
        }, (PortObject)null);
        final Map<String, DataRow> expected = bySeries(folder.table(0));
        final Map<String, DataRow> actual = bySeries(read.table(0));
        assertEquals(2, expected.size());
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((series, row) -> {
            final DataRow other = actual.get(series);
            assertEquals(row.getCell(0), other.getCell(0), "subject");
            assertEquals(row.getCell(1), other.getCell(1), "site");
            final VolumeValue image = (VolumeValue)other.getCell(4);
            assertTrue(image.geometry().sameGrid(((VolumeValue)row.getCell(4)).geometry()));
            assertArrayEquals(((VolumeValue)row.getCell(4)).volume().voxels(), image.volume().voxels());
            assertEquals(row.getCell(5).isMissing(), other.getCell(5).isMissing());
            if (!row.getCell(5).isMissing()) {
                assertArrayEquals(((LabelVolumeValue)row.getCell(5)).labelVolume().voxels(),
                    ((LabelVolumeValue)other.getCell(5)).labelVolume().voxels());
            }
        });
        // The pseudonyms of the query are those of the reader.
        final List<String> subjects = found.rows(0).stream().map(r -> r.getCell(0).toString()).distinct().sorted().toList();
        assertEquals(expected.values().stream().map(r -> r.getCell(0).toString()).distinct().sorted().toList(), subjects);
    }

    /** The query has told how many images each series has. */
    @Test
    void asksForNumbersOfImagesOnlyWhereTheInputDoesNotTellThem() throws Exception {
        final BufferedDataTable found = query(requests("ACC-a", "ACC-b")).table(0);
        final Predicate<String> isCount = r -> r.matches("GET .*/series");
        m_archive.requests().clear();
        assertEquals(2, run(new DicomArchiveReaderNodeFactory(), s -> {
        }, found).rows(0).size());
        assertEquals(0, m_archive.requests().stream().filter(isCount).count(), m_archive.requests().toString());
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("Reference", StringCell.TYPE).createSpec());
        final BufferedDataTable references =
            m_bench.table(spec, Bench.rows(found).stream().map(r -> new DataCell[]{r.getCell(5)}).toList());
        m_archive.requests().clear();
        assertEquals(2, run(new DicomArchiveReaderNodeFactory(),
            s -> s.addString("cacheFolder", m_folder.resolve("other").toString()), references).rows(0).size());
        // of each of the three series, and for each of them once more until a page brings nothing
        assertEquals(3 * 2, m_archive.requests().stream().filter(isCount).count(), m_archive.requests().toString());
    }

    @Test
    void tellsNothingThatIdentifies() throws Exception {
        final Result found = query(requests("ACC-a"));
        final DicomFile image = DicomFile.parse(ByteSource.of(m_archive.file("MR")));
        for (final DataRow row : found.rows(0)) {
            for (final DataCell cell : Bench.cells(row)) {
                for (final int tag : new int[]{Tag.PATIENT_ID, Tag.PATIENT_NAME, Tag.STUDY_INSTANCE_UID, Tag.SERIES_INSTANCE_UID}) {
                    assertFalse(cell.toString().contains(image.data().text(tag)) && image.data().text(tag).length() > 1,
                        Tag.toString(tag) + " in " + cell);
                }
                assertFalse(cell.toString().contains("ACC-"), cell.toString());
            }
        }
        // a study date is one of the attributes that the Basic Profile does not keep
        assertTrue(assertThrows(InvalidSettingsException.class, () -> run(new DicomArchiveQueryNodeFactory(),
            s -> s.addString("furtherAttributes", "(0008,0020)"), requests("ACC-a"))).getMessage().contains("Allow identifying"));
        // a reference is of no use without the key
        assertTrue(assertThrows(NodeExecutionException.class, () -> run(new DicomArchiveReaderNodeFactory(),
            s -> s.addString("pseudonymKey", "another"), found.table(0))).getMessage().contains("another pseudonym key"));
        // the folder of the cache has hashes for names
        run(new DicomArchiveReaderNodeFactory(), s -> {
        }, found.table(0));
        try (Stream<Path> files = Files.walk(m_folder.resolve("cache/images"))) {
            assertEquals(List.of(), files.skip(1).map(f -> f.getFileName().toString())
                .filter(n -> !n.matches("[0-9a-f]{32}\\.zip")).toList());
        }
    }

    @Test
    void asksForNoOneElse() throws Exception {
        assertThrows(NodeExecutionException.class, () -> query(requests("ACC-*")));
        assertThrows(InvalidSettingsException.class, () -> query(null));
        assertTrue(query(requests("")).warning().contains("Nothing was found for 1 of 1"));
    }

    /** Two rows with the same accession number both ask for its series, so both are named. */
    @Test
    void namesAllRequestsOfASeries() throws Exception {
        final Result found = query(requests("ACC-b", "ACC-b"));
        assertNull(found.warning());
        assertEquals(List.of("Row0, Row1"), found.rows(0).stream().map(r -> r.getCell(4).toString()).toList());
    }

    @Test
    void saysThatNothingWasAskedFor() throws Exception {
        final Result found = query(requests());
        assertEquals(0, found.rows(0).size());
        assertTrue(found.warning().startsWith("The input table has no rows"), found.warning());
    }

    /** Without its accession number a request asks for all series of the patient, which is more than a row may mean. */
    @Test
    void namesRequestsThatAskForAllOfAPatient() throws Exception {
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("Accession Number", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("Patient ID", StringCell.TYPE).createSpec());
        final String patient =
            DicomFile.parse(ByteSource.of(m_archive.file("MR"))).data().text(Tag.PATIENT_ID);
        final String warning = query(m_bench.table(spec, List.of(new DataCell[]{new StringCell("ACC-b"), DataType.getMissingCell()},
            new DataCell[]{DataType.getMissingCell(), new StringCell(patient)}))).warning();
        assertTrue(warning.contains("1 of 2 requests have no accession number"), warning);
        assertTrue(warning.contains("asked for: Row1. Leave these rows out"), warning);
    }

    /** Not only when the images are to be fetched: dcm4che is no part of what is installed here. */
    @Test
    void saysWhenConfiguredThatDimseNeedsAnExtension() throws Exception {
        final BufferedDataTable series = query(requests("ACC-a")).table(0);
        final BufferedDataTable files = m_bench.table(
            new DataTableSpec(new DataColumnSpecCreator("File", StringCell.TYPE).createSpec()), List.of());
        final Bench.Change dimse = s -> {
            s.getConfig("archive").addString("connection", "DIMSE");
            s.getConfig("archive").addString("address", "dicom://PACS@localhost:11112");
        };
        final Map<NodeFactory<?>, PortObject> nodes = Map.of(new DicomArchiveQueryNodeFactory(), requests("ACC-a"),
            new DicomArchiveReaderNodeFactory(), series, new DicomArchiveWriterNodeFactory(), files);
        nodes.forEach((factory, input) -> {
            final String message =
                assertThrows(InvalidSettingsException.class, () -> m_bench.configured(factory, dimse, input)).getMessage();
            assertTrue(message.contains("\"Connection\" is DIMSE") && message.contains("ScanBridge DIMSE with dcm4che"), message);
        });
    }

    @Test
    void saysThatNothingIsStored() throws Exception {
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("Series", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("File", StringCell.TYPE).createSpec());
        final int before = m_archive.size();
        final Result none = run(new DicomArchiveWriterNodeFactory(), s -> {
        }, m_bench.table(spec, List.of()));
        assertTrue(none.warning().startsWith("Nothing was stored: the input table has no rows."), none.warning());
        final Result missing = run(new DicomArchiveWriterNodeFactory(), s -> {
        }, m_bench.table(spec, List.<DataCell[]>of(new DataCell[]{new StringCell("s"), DataType.getMissingCell()})));
        assertTrue(missing.warning().startsWith("Nothing was stored: The file column \"File\" is empty in 1 of 1 rows."),
            missing.warning());
        assertEquals(before, m_archive.size());
    }

    @Test
    void listsASeriesOfWhichOneImageDoesNotCome() throws Exception {
        final Result found = query(requests("ACC-a", "ACC-b"));
        final String withheld = DicomFile.parse(ByteSource.of(m_archive.file("MR"))).data().text(Tag.SOP_INSTANCE_UID);
        m_archive.withhold(withheld::equals);
        final Result read = run(new DicomArchiveReaderNodeFactory(), s -> {
        }, found.table(0));
        assertEquals(1, read.rows(0).size());
        final DataRow problem = read.rows(1).stream().filter(r -> r.getCell(2).toString().equals("not retrieved")).findFirst().orElseThrow();
        assertTrue(problem.getCell(4).toString().startsWith("1 of 3 images did not come. "), problem.toString());
        assertThrows(NodeExecutionException.class, () -> run(new DicomArchiveReaderNodeFactory(),
            s -> s.addString("onProblem", "FAIL"), found.table(0)));
        // the archive is mended: only what was missing is fetched
        m_archive.withhold(uid -> false);
        m_archive.requests().clear();
        assertEquals(2, run(new DicomArchiveReaderNodeFactory(), s -> {
        }, found.table(0)).rows(0).size());
        assertEquals(1, m_archive.requests().stream().filter(r -> r.matches("GET .*/instances/.*|GET .*/series/[0-9.]+")).count());
    }

    /** Where nothing is found, as at a wrong path of the right server, the address is the first thing to look at. */
    @Test
    void anotherAddressThanTheQuerysIsThoughtOf() throws Exception {
        final BufferedDataTable found = query(requests("ACC-a")).table(0);
        final String message = assertThrows(NodeExecutionException.class, () -> run(new DicomArchiveReaderNodeFactory(),
            s -> s.getConfig("archive").addString("address", m_archive.address() + "/elsewhere"), found)).getMessage();
        assertTrue(message.contains("\"Address\" is not what it was"), message);
    }

    @Test
    void storesSegmentationsOnce() throws Exception {
        final Result read = run(new DicomArchiveReaderNodeFactory(), s -> {
        }, query(requests("ACC-b")).table(0));
        final DataRow image = read.rows(0).get(0);
        final byte[] labels = new byte[GRID.voxelCount()];
        labels[7] = 1;
        labels[20] = 2;
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("Series", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("model", LabelVolumeCell.TYPE).createSpec());
        final BufferedDataTable segmented = m_bench.table(spec, List.<DataCell[]>of(new DataCell[]{image.getCell(2),
            VolumeCellFactory.of(m_bench.context()).create("s", new LabelVolume(labels, GRID, VolumeInfo.UNKNOWN, LABELS))}));
        final Result written = m_bench.run(new SegmentationWriterNodeFactory(),
            s -> s.addString("outputFolder", m_folder.resolve("out").toString()), segmented, read.table(2));
        final int before = m_archive.size();
        final List<String> results = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            final Result stored = run(new DicomArchiveWriterNodeFactory(), s -> {
            }, written.table(0));
            assertNull(stored.warning());
            results.add(stored.rows(0).get(0).getCell(2).toString());
            assertEquals(before + 1, m_archive.size());
        }
        assertEquals(List.of("stored", "already there"), results);
        // what was stored is found and joins its image
        final Result again = run(new DicomArchiveReaderNodeFactory(), s -> {
        }, run(new DicomArchiveQueryNodeFactory(), s -> s.addString("modalities", "MR, SEG"), (PortObject)null).table(0));
        final DataRow row = bySeries(again.table(0)).get(image.getCell(2).toString());
        assertArrayEquals(labels, ((LabelVolumeValue)row.getCell(5)).labelVolume().voxels());
    }

    @Test
    void readsInPortionsWhatDoesNotFitIntoTheCache() throws Exception {
        // each study is some kB, so that the smallest cache of 1 MB holds all; a study of more takes a portion of its own
        final float[] voxels = new float[128 * 128 * 40];
        voxels[1] = 1;
        final Geometry grid = Geometry.axial(new int[]{128, 128, 40}, 1, 1, 1);
        for (final String subject : List.of("c", "d")) {
            new DicomStudyWriter("seed").write(study(subject), List.of(new StudySubject("A", subject,
                new Volume(voxels, grid, new VolumeInfo("MR", "A", subject, "", "")), Optional.empty())), Progress.NONE);
            m_archive.add(study(subject), "ACC-" + subject);
        }
        final Result read = run(new DicomArchiveReaderNodeFactory(), s -> s.addInt("cacheMegabytes", 1),
            query(requests("ACC-c", "ACC-d", "ACC-b")).table(0));
        assertEquals(3, read.rows(0).size());
        long size = 0;
        try (Stream<Path> files = Files.walk(m_folder.resolve("cache/images"))) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                size += Files.size(file);
            }
        }
        assertTrue(size <= 1 << 20, size + " bytes are left");
        // 2 x 128 x 128 x 40 voxels of 2 bytes are 2.5 MiB, and headers come on top
        assertTrue(read.warning().contains("The cache of 1 MB could not hold the 3 series of this run, which take 3 MB"),
            read.warning());
        assertTrue(read.warning().contains("Raise \"Cache size in MB\" to 3 or more"), read.warning());
        final VolumeCellFactory cells = VolumeCellFactory.of(m_bench.context());
        final DataTableSpec spec = new DataTableSpec(new DataColumnSpecCreator("Series", StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator("model", LabelVolumeCell.TYPE).createSpec());
        final DataRow row = read.rows(0).stream().filter(r -> ((VolumeValue)r.getCell(4)).geometry().size(2) == 40).findFirst()
            .orElseThrow();
        final byte[] labels = new byte[grid.voxelCount()];
        labels[7] = 1;
        final DataCell cell = cells.create("s", new LabelVolume(labels, ((VolumeValue)row.getCell(4)).geometry(),
            VolumeInfo.UNKNOWN, LABELS));
        final String refusal = assertThrows(NodeExecutionException.class, () -> m_bench.run(new SegmentationWriterNodeFactory(),
            s -> s.addString("outputFolder", m_folder.resolve("out").toString()),
            m_bench.table(spec, List.<DataCell[]>of(new DataCell[]{row.getCell(2), cell})), read.table(2))).getMessage();
        assertTrue(refusal.contains("Raise its \"Cache size in MB\""), refusal);
        // a cache that holds them has nothing to warn of
        assertNull(run(new DicomArchiveReaderNodeFactory(), s -> s.addInt("cacheMegabytes", 3),
            query(requests("ACC-c", "ACC-d", "ACC-b")).table(0)).warning());
    }
}
