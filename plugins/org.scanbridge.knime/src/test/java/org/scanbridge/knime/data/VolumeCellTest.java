package org.scanbridge.knime.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.knime.core.data.DataType;
import org.knime.core.data.filestore.FileStoreFactory;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.testing.Bench;

/** The life of a cell: written, put into a table on disk, read again, damaged. */
class VolumeCellTest {

    private static final VolumeInfo INFO = new VolumeInfo("MR", "A", "A-001", "A-001-T1", "");

    /** Coronal, so that slice positions move along y. */
    private static final Geometry GRID = new Geometry(new int[]{2, 1, 2}, new double[]{1, 2, 3},
        new double[]{10, 20, 30}, new double[]{1, 0, 0, 0, 0, -1, 0, 1, 0});

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

    private static Volume volume(final float... voxels) {
        return new Volume(voxels, GRID, INFO);
    }

    private static LabelVolume labels(final int... values) {
        final byte[] voxels = new byte[values.length];
        for (int v = 0; v < values.length; v++) {
            voxels[v] = (byte)values[v];
        }
        return new LabelVolume(voxels, GRID, INFO, LabelSet.of(Map.of(1, "CSF", 200, "lesion")));
    }

    private VolumeCellFactory factory() {
        return VolumeCellFactory.of(m_bench.context());
    }

    /** Puts a cell into a table on disk and reads it again. */
    private DataCell reloaded(final DataCell cell, final DataType type) {
        final DataColumnSpec column = new DataColumnSpecCreator("c", type).createSpec();
        return Bench.rows(m_bench.table(new DataTableSpec(column), List.<DataCell[]>of(new DataCell[]{cell}))).get(0)
            .getCell(0);
    }

    private Path file(final String name) throws Exception {
        try (var files = Files.walk(m_folder)) {
            return files.filter(f -> f.getFileName().toString().equals(name)).findFirst().orElseThrow();
        }
    }

    @Test
    void theFileIsLittleEndianFloatsAndIsThereBeforeTheTable() throws Exception {
        factory().create("x", volume(1, -2, 0, 0.5f));
        assertArrayEquals(new byte[]{0, 0, (byte)0x80, 0x3f, 0, 0, 0, (byte)0xc0, 0, 0, 0, 0, 0, 0, 0, 0x3f},
            Files.readAllBytes(file("v_x")));
    }

    @Test
    void theHashIsThatOfTheFile() throws Exception {
        // printf '\0\0\200\077\0\0\0\300\0\0\0\0\0\0\0\077' | sha256sum
        assertEquals("618364b33efba10aa8158c9b2bd86558d0392ae9fe6526b5eb0e5a74629447b2",
            factory().create("x", volume(1, -2, 0, 0.5f)).hash());
        // printf '\0\001\310\0' | sha256sum
        assertEquals("11d12ef02a2f9ed5d1993c966db7c96c2869868b566331c01999ee62bf5bbf16", factory().create("y", labels(0, 1, 200, 0)).hash());
    }

    @Test
    void anImageSurvivesATableOnDisk() throws Exception {
        final VolumeCell cell = factory().create("x", volume(1, -2, 0, Float.MAX_VALUE));
        final DataCell again = reloaded(cell, VolumeCell.TYPE);
        assertNotSame(cell, again);
        assertEquals(cell, again);
        assertEquals(cell.hashCode(), again.hashCode());
        final VolumeValue value = (VolumeValue)again;
        assertEquals(GRID, value.geometry());
        assertEquals(INFO, value.info());
        assertEquals(cell.hash(), value.hash());
        assertEquals(INFO, value.volume().info());
        assertArrayEquals(new float[]{1, -2, 0, Float.MAX_VALUE}, value.volume().voxels());
    }

    @Test
    void aSegmentationSurvivesATableOnDisk() throws Exception {
        final LabelVolumeCell cell = factory().create("x", labels(0, 1, 200, 0));
        final LabelVolumeValue value = (LabelVolumeValue)reloaded(cell, LabelVolumeCell.TYPE);
        assertEquals(cell, value);
        assertEquals(GRID, value.geometry());
        assertEquals(INFO, value.info());
        assertEquals(Map.of(1, "CSF", 200, "lesion"), value.labels().names());
        assertEquals(200, value.maxLabel());
        assertArrayEquals(new byte[]{0, 1, (byte)200, 0}, value.labelVolume().voxels());
        assertEquals(value.labels(), value.labelVolume().labels());
    }

    @Test
    void headersNeedNoVoxelFile() throws Exception {
        final LabelVolumeCell cell = factory().create("x", labels(0, 1, 200, 0));
        Files.delete(file("v_x"));
        final LabelVolumeValue value = (LabelVolumeValue)reloaded(cell, LabelVolumeCell.TYPE);
        assertEquals(200, value.maxLabel());
        assertEquals(GRID, value.geometry());
    }

    @Test
    void voxelsAreReadOnceForAllInstancesOfACell() throws Exception {
        final float[] voxels = {1, 2, 3, 4};
        final VolumeCell cell = factory().create("x", volume(voxels));
        assertSame(voxels, cell.volume().voxels());
        assertSame(voxels, ((VolumeValue)reloaded(cell, VolumeCell.TYPE)).volume().voxels());
    }

    @Test
    void aCacheAsksTheSourceOnlyForWhatItDoesNotHold() throws Exception {
        final VoxelCache<float[]> cache = new VoxelCache<>();
        final float[] first = {1};
        assertSame(first, cache.get(Path.of("f"), "h1", () -> first));
        assertSame(first, cache.get(Path.of("f"), "h1", () -> new float[]{2}));
        final float[] other = {3};
        assertSame(other, cache.get(Path.of("f"), "h2", () -> other), "a file written anew has another hash");
    }

    @Test
    void aMissingFileIsAnErrorThatNamesFileAndWayOut() throws Exception {
        final Path file = m_folder.resolve("gone");
        final String message =
            assertThrows(IOException.class, () -> VoxelFile.readFloats(file, 4, "")).getMessage();
        assertTrue(message.contains(file.toString()) && message.contains("is missing")
            && message.contains("execute the node"), message);
    }

    @Test
    void aMissingFileFailsTheCellNotTheTable() throws Exception {
        final VolumeCell cell = factory().create("x", volume(1, 2, 3, 4));
        Files.delete(file("v_x"));
        final DataCell again = reloaded(cell, VolumeCell.TYPE);
        assertTrue(!again.isMissing(), "a missing cell would mean that there never was an image");
        final UncheckedIOException e =
            assertThrows(UncheckedIOException.class, () -> ((VolumeValue)again).slice(0));
        assertTrue(e.getMessage().contains("v_x is missing"), e.getMessage());
    }

    @Test
    void aDamagedFileIsNoticed() throws Exception {
        final VolumeCell cell = factory().create("x", volume(1, 2, 3, 4));
        final Path file = file("v_x");
        Files.write(file, new byte[16]);
        final String hash = cell.hash();
        assertTrue(assertThrows(IOException.class, () -> VoxelFile.readFloats(file, 4, hash)).getMessage()
            .contains("is damaged"));
        Files.write(file, new byte[15]);
        assertTrue(assertThrows(IOException.class, () -> VoxelFile.readFloats(file, 4, hash)).getMessage()
            .contains("has 15 bytes where 16 are expected"));
    }

    @Test
    void largeFilesAreReadInChunks() throws Exception {
        final float[] voxels = new float[40_001];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = v;
        }
        final Path file = m_folder.resolve("large");
        final String hash = VoxelFile.write(file, voxels);
        assertArrayEquals(voxels, VoxelFile.readFloats(file, voxels.length, hash));
    }

    @Test
    void aSliceHasItsPlaceInThePatient() throws Exception {
        final VolumeCell cell = factory().create("x", volume(1, 2, 3, 4));
        final Volume slice = cell.slice(1);
        assertArrayEquals(new float[]{3, 4}, slice.voxels());
        assertArrayEquals(new int[]{2, 1, 1}, slice.geometry().size());
        assertArrayEquals(new double[]{10, 23, 30}, slice.geometry().origin());
        assertArrayEquals(new byte[]{(byte)200, 0}, factory().create("y", labels(0, 1, 200, 0)).slice(1).voxels());
        assertThrows(IndexOutOfBoundsException.class, () -> cell.slice(2));
    }

    @Test
    void equalMeansEqualVoxelsGridAndInfo() throws Exception {
        final VolumeCellFactory factory = factory();
        final VolumeCell cell = factory.create("a", volume(1, 2, 3, 4));
        assertEquals(cell, factory.create("b", volume(1, 2, 3, 4)));
        assertNotEquals(cell, factory.create("c", volume(1, 2, 3, 5)));
        assertNotEquals(cell, factory.create("d", volume(1, 2, 3, 4).withInfo(VolumeInfo.UNKNOWN)));
        assertNotEquals(cell, factory.create("e", labels(1, 2, 3, 4)));
    }

    @Test
    void namesThatFileSystemsRefuseAreReplaced() throws Exception {
        factory().create("my image/1: ä.", volume(1, 2, 3, 4));
        assertTrue(Files.exists(file("v_my_image_1____")));
    }

    @Test
    void aFactoryOfFileStoresWorksToo() throws Exception {
        final ExecutionContext context = m_bench.context();
        final VolumeCell cell =
            VolumeCellFactory.of(FileStoreFactory.createFileStoreFactory(context)).create("x", volume(1, 2, 3, 4));
        assertArrayEquals(new float[]{1, 2, 3, 4}, cell.volume().voxels());
    }

    @Test
    void textsAreForPeople() throws Exception {
        assertEquals("MR 2×1×2 voxels of 1.0×2.0×3.0 mm", factory().create("x", volume(1, 2, 3, 4)).toString());
        assertEquals("CSF, lesion in 2×1×2 voxels of 1.0×2.0×3.0 mm",
            factory().create("x", labels(0, 1, 200, 0)).toString());
        assertEquals("Volume", VolumeCell.TYPE.getName());
        assertEquals("Segmentation", LabelVolumeCell.TYPE.getName());
    }

    /** Voxel (i, j, k) of 3 × 4 × 5 is i + 10 j + 100 k: whichever axis a slab crosses, its voxels are those of the grid. */
    @Test
    void slabsAreReadAcrossEveryAxis() throws Exception {
        final int[] size = {3, 4, 5};
        final Geometry grid = new Geometry(size, new double[]{1, 2, 3}, new double[]{10, 20, 30},
            new double[]{1, 0, 0, 0, 0, -1, 0, 1, 0});
        final float[] voxels = new float[60];
        final byte[] labels = new byte[60];
        for (int v = 0; v < 60; v++) {
            voxels[v] = v % 3 + 10 * (v / 3 % 4) + 100 * (v / 12);
            labels[v] = (byte)v;
        }
        final VolumeCell image = factory().create("x", new Volume(voxels, grid, INFO));
        final LabelVolumeCell segmentation =
            factory().create("y", new LabelVolume(labels, grid, INFO, LabelSet.of(Map.of(1, "CSF"))));
        for (int axis = 0; axis < 3; axis++) {
            for (int from = 0; from < size[axis]; from++) {
                for (int count = 1; count <= size[axis] - from; count++) {
                    final Volume slab = image.slab(axis, from, count);
                    final LabelVolume labeled = segmentation.slab(axis, from, count);
                    final int[] expected = size.clone();
                    expected[axis] = count;
                    assertArrayEquals(expected, slab.geometry().size());
                    final int[] at = {0, 0, 0};
                    at[axis] = from;
                    assertArrayEquals(grid.position(at[0], at[1], at[2]), slab.geometry().origin(), 1e-12);
                    for (int k = 0; k < expected[2]; k++) {
                        for (int j = 0; j < expected[1]; j++) {
                            for (int i = 0; i < expected[0]; i++) {
                                assertEquals(i + at[0] + 10 * (j + at[1]) + 100 * (k + at[2]), slab.get(i, j, k));
                                assertEquals(i + at[0] + 3 * (j + at[1]) + 12 * (k + at[2]), labeled.get(i, j, k));
                            }
                        }
                    }
                }
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> image.slab(1, 3, 2));
    }
}
