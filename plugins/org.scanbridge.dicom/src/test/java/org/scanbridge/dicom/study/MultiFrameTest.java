package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.SourceSeries.Instance;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Volume;

/** Enhanced multi-frame images, whose geometry and rescale lie in functional groups. */
class MultiFrameTest {

    @TempDir
    private Path m_root;

    private final ExecutorService m_executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private Study read() throws IOException {
        return new DicomStudyReader(DicomStudyOptions.defaults()).read(m_root, Progress.NONE, m_executor);
    }

    private static DataSet item(final DataSetBuilder builder) {
        return builder.build();
    }

    /** Frames of one pixel each at the heights given; frame f holds value 10 f and a slope of f + 1. */
    private void write(final String[] stacks, final double... heights) throws IOException {
        final ByteBuffer pixels = ByteBuffer.allocate(2 * heights.length).order(ByteOrder.LITTLE_ENDIAN);
        final List<DataSet> frames = new ArrayList<>();
        for (int f = 0; f < heights.length; f++) {
            pixels.putShort((short)(10 * f));
            frames.add(item(DataSet.builder()
                .items(Tag.FRAME_CONTENT_SEQUENCE, item(DataSet.builder().text(Tag.STACK_ID, stacks[f])))
                .items(Tag.PLANE_POSITION_SEQUENCE,
                    item(DataSet.builder().numbers(Tag.IMAGE_POSITION_PATIENT, 1, 2, heights[f])))
                .items(Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
                    item(DataSet.builder().numbers(Tag.RESCALE_SLOPE, f + 1).numbers(Tag.RESCALE_INTERCEPT, -1)))));
        }
        final DataSet shared = item(DataSet.builder()
            .items(Tag.PLANE_ORIENTATION_SEQUENCE,
                item(DataSet.builder().numbers(Tag.IMAGE_ORIENTATION_PATIENT, 1, 0, 0, 0, 1, 0)))
            .items(Tag.PIXEL_MEASURES_SEQUENCE,
                item(DataSet.builder().numbers(Tag.PIXEL_SPACING, 0.5, 0.5).numbers(Tag.SLICE_THICKNESS, 9))));
        TestSlices.write(m_root.resolve("A/p/enhanced"),
            TestSlices.axial(0, 0)
                .remove(Tag.IMAGE_POSITION_PATIENT, Tag.IMAGE_ORIENTATION_PATIENT, Tag.PIXEL_SPACING,
                    Tag.SLICE_THICKNESS)
                .numbers(Tag.ROWS, 1).numbers(Tag.COLUMNS, 1).numbers(Tag.NUMBER_OF_FRAMES, heights.length)
                .items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, shared)
                .items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames)
                .bytes(Tag.PIXEL_DATA, VR.OW, pixels.array()));
    }

    @Test
    void framesAreOrderedByPositionWithTheirOwnRescale() throws IOException {
        write(new String[]{"1", "1", "1"}, 5, 0, 2.5);
        final Study study = read();
        assertEquals(List.of(), study.problems());
        final StudySeries series = study.series().get(0);
        final Volume v = series.readVolume();
        // frames 1, 2, 0: 10·2-1, 20·3-1, 0·1-1
        assertArrayEquals(new float[]{19, 59, -1}, v.voxels());
        assertEquals(2.5, v.geometry().spacing(2));
        assertArrayEquals(new double[]{1, 2, 5}, v.geometry().position(0, 0, 2), 1e-9);
        assertEquals(List.of(1, 2, 0), series.readSource().instances().stream().map(Instance::frame).toList());
        assertEquals(1, series.fileCount());
    }

    @Test
    void stacksAtTheSamePlacesBecomeVolumesOfTheirOwn() throws IOException {
        write(new String[]{"1", "1", "2", "2"}, 0, 3, 0, 3);
        final Study study = read();
        assertEquals(List.of(), study.problems());
        assertEquals(2, study.series().size());
    }

    @Test
    void offsetVectorPlacesTheFramesOfADose() throws IOException {
        final DataSetBuilder dose = TestSlices.axial(-20, 1, 2, 3, 4, 5, 6).numbers(Tag.ROWS, 1)
            .numbers(Tag.COLUMNS, 2).numbers(Tag.NUMBER_OF_FRAMES, 3);
        TestSlices.write(m_root.resolve("A/p/dose"), dose.numbers(Tag.GRID_FRAME_OFFSET_VECTOR, 0, 2.5, 5));
        final Volume v = read().series().get(0).readVolume();
        assertArrayEquals(new float[]{1, 2, 3, 4, 5, 6}, v.voxels());
        assertArrayEquals(new double[]{-10, 20, -15}, v.geometry().position(0, 0, 2), 1e-9);
        TestSlices.write(m_root.resolve("A/p/dose"), dose.remove(Tag.GRID_FRAME_OFFSET_VECTOR));
        assertEquals(Kind.MISSING_GEOMETRY, read().problems().get(0).kind());
    }

    @Test
    void missingFrameIsAMissingSlice() throws IOException {
        write(new String[]{"1", "1", "1", "1"}, 0, 3, 6, 12);
        assertEquals(Kind.MISSING_SLICE, read().problems().get(0).kind());
    }
}
