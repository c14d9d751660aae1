package org.scanbridge.dicom.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.GapRule;
import org.scanbridge.dicom.series.ImageRules;
import org.scanbridge.dicom.series.PaddingRule;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.TiltRule;
import org.scanbridge.dicom.series.ValueRule;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/** Tilted stacks, real-world values, padding, several volumes in a series, missing ends: expected values by hand. */
class ImageRulesTest {

    @TempDir
    private Path m_root;

    private final ExecutorService m_executor = Executors.newSingleThreadExecutor();

    private final List<Problem> m_said = new ArrayList<>();

    @AfterEach
    void stop() {
        m_executor.shutdownNow();
    }

    private Study read(final ImageRules rules) throws IOException {
        return new DicomStudyReader(DicomStudyOptions.defaults().withImages(rules)).read(m_root, Progress.NONE,
            m_executor);
    }

    private Volume volume(final ImageRules rules) throws IOException {
        return read(rules).series().get(0).readVolume(m_said::add);
    }

    private void write(final String name, final DataSetBuilder slice) throws IOException {
        TestSlices.write(m_root.resolve("A/p/" + name), slice);
    }

    /** Slices 5 mm apart, each shifted by tan(15°) of that along y; values are a function of the position in space. */
    private void writeTilted(final int slices, final double degrees) throws IOException {
        final double shift = 5 * Math.tan(Math.toRadians(degrees));
        for (int k = 0; k < slices; k++) {
            final ByteBuffer pixels = ByteBuffer.allocate(2 * 8 * 20).order(ByteOrder.LITTLE_ENDIAN);
            for (int j = 0; j < 20; j++) {
                for (int i = 0; i < 8; i++) {
                    pixels.putShort((short)Math.round(value(i, 20 + j * 0.5 + k * shift, 5.0 * k)));
                }
            }
            write("t" + k, TestSlices.axial(5 * k, 0).numbers(Tag.COLUMNS, 8).numbers(Tag.ROWS, 20)
                .numbers(Tag.IMAGE_POSITION_PATIENT, -10, 20 + k * shift, 5 * k).bytes(Tag.PIXEL_DATA, VR.OW,
                    pixels.array()));
        }
    }

    private static double value(final double i, final double y, final double z) {
        return 1000 + 100 * i + 60 * y + 7 * z;
    }

    @Test
    void tiltIsNamedWithItsAngleAndTheWayOut() throws IOException {
        writeTilted(4, 15);
        final Study study = read(ImageRules.defaults());
        assertEquals(List.of(), study.series());
        assertTrue(study.problems().get(0).message().contains("15.0°"), study.problems().toString());
        assertTrue(study.problems().get(0).remedy().contains("\"Straighten\" for \"Tilted slices\""));
    }

    @Test
    void tiltedStacksAreResampledOntoAnUprightGrid() throws IOException {
        writeTilted(4, 15);
        final Study study = read(ImageRules.defaults().withTilt(TiltRule.RESAMPLE));
        assertEquals(Kind.GANTRY_TILT, study.problems().get(0).kind());
        final Volume v = study.series().get(0).readVolume(m_said::add);
        final Geometry g = v.geometry();
        // the last slice is shifted by 3·5·tan(15°) = 4.02 mm, 8.04 rows of 0.5 mm
        assertArrayEquals(new int[]{8, 20 + 9, 4}, g.size());
        assertArrayEquals(new double[]{-10, 20, 0}, g.origin(), 1e-9);
        assertArrayEquals(new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1}, g.direction(), 1e-12);
        assertEquals(5, g.spacing(2), 1e-9);
        int compared = 0;
        for (int k = 0; k < 4; k++) {
            for (int j = 0; j < 29; j++) {
                final double[] p = g.position(3, j, k);
                final double row = (p[1] - 20 - k * 5 * Math.tan(Math.toRadians(15))) / 0.5;
                if (row >= 0 && row <= 19) {
                    // a value linear in space is kept by linear interpolation, to the rounding of stored values
                    assertEquals(value(3, p[1], p[2]), v.get(3, j, k), 1);
                    compared++;
                }
            }
        }
        assertTrue(compared > 70);
        assertEquals(Kind.PADDING, m_said.get(0).kind());
    }

    @Test
    void tiltAndGapsGoTogether() throws IOException {
        writeTilted(6, -12);
        java.nio.file.Files.delete(m_root.resolve("A/p/t3"));
        final Volume v = volume(ImageRules.defaults().withTilt(TiltRule.RESAMPLE).withGaps(GapRule.FILL));
        assertEquals(6, v.geometry().size(2));
        // grid starts where the last slice does: 5·5·tan(-12°) = -5.31 mm, rounded outward to 11 rows
        assertEquals(20 - 5.5, v.geometry().origin()[1], 1e-9);
        final double[] p = v.geometry().position(2, 12, 3);
        assertEquals(value(2, p[1], p[2]), v.get(2, 12, 3), 1);
    }

    private static DataSet mapping(final double slope, final double intercept, final double first, final double last) {
        return DataSet.builder().numbers(Tag.REAL_WORLD_VALUE_SLOPE, slope)
            .numbers(Tag.REAL_WORLD_VALUE_INTERCEPT, intercept)
            .numbers(Tag.REAL_WORLD_VALUE_FIRST_VALUE_MAPPED, first)
            .numbers(Tag.REAL_WORLD_VALUE_LAST_VALUE_MAPPED, last)
            .items(Tag.MEASUREMENT_UNITS_CODE_SEQUENCE, DataSet.builder().text(Tag.CODE_VALUE, "mm2/s")
                .text(Tag.CODING_SCHEME_DESIGNATOR, "UCUM").text(Tag.CODE_MEANING, "mm2/s").build())
            .build();
    }

    @Test
    void realWorldValuesHaveTheirUnitsAndRange() throws IOException {
        write("1", TestSlices.axial(0, 10, 20, 30, 40, 50, 600).numbers(Tag.RESCALE_SLOPE, 3)
            .items(Tag.REAL_WORLD_VALUE_MAPPING_SEQUENCE, mapping(0.5, -1, 0, 100)));
        final Volume v = volume(ImageRules.defaults().withValues(ValueRule.REAL_WORLD));
        assertArrayEquals(new float[]{4, 9, 14, 19, 24, 4}, v.voxels()); // 600 is out of range
        assertEquals("mm2/s", v.info().units());
        assertTrue(m_said.get(0).message().startsWith("1 voxels (16.7 %)"), m_said.toString());
        final Volume modality = volume(ImageRules.defaults());
        assertArrayEquals(new float[]{30, 60, 90, 120, 150, 1800}, modality.voxels());
        assertEquals("HU", modality.info().units());
    }

    @Test
    void realWorldLookUpTables() throws IOException {
        write("1", TestSlices.axial(0, 0xffff, 0, 1, 2, 1, 0).numbers(Tag.PIXEL_REPRESENTATION, 1)
            .items(Tag.REAL_WORLD_VALUE_MAPPING_SEQUENCE,
                DataSet.builder().numbers(Tag.REAL_WORLD_VALUE_LUT_DATA, 7.5, 8.5, 9.5, 12)
                    .numbers(Tag.REAL_WORLD_VALUE_FIRST_VALUE_MAPPED, -1)
                    .numbers(Tag.REAL_WORLD_VALUE_LAST_VALUE_MAPPED, 2).build()));
        assertArrayEquals(new float[]{7.5f, 8.5f, 9.5f, 12, 9.5f, 8.5f},
            volume(ImageRules.defaults().withValues(ValueRule.REAL_WORLD)).voxels());
    }

    @Test
    void paddingTakesTheLowestOtherValueOrTheOneAskedFor() throws IOException {
        write("1", TestSlices.axial(0, 0xf830, 0xf831, 5, 6, 0xfff0, 8).numbers(Tag.PIXEL_REPRESENTATION, 1)
            .numbers(Tag.PIXEL_PADDING_VALUE, 0xf830).numbers(Tag.PIXEL_PADDING_RANGE_LIMIT, 0xf832)
            .numbers(Tag.RESCALE_INTERCEPT, -1000));
        assertArrayEquals(new float[]{-1016, -1016, -995, -994, -1016, -992}, volume(ImageRules.defaults()).voxels());
        assertTrue(m_said.get(0).message().startsWith("2 voxels (33.3 %)"), m_said.toString());
        assertArrayEquals(new float[]{-2000, -2000, -995, -994, -1016, -992},
            volume(ImageRules.defaults().withPadding(PaddingRule.VALUE, -2000)).voxels());
        assertArrayEquals(new float[]{-3000, -2999, -995, -994, -1016, -992},
            volume(ImageRules.defaults().withPadding(PaddingRule.KEEP, 0)).voxels());
    }

    @Test
    void paddingOfInvertedImagesIsThatOfTheFile() throws IOException {
        write("1", TestSlices.axial(0, 0, 1, 2, 3, 4, 255).numbers(Tag.BITS_STORED, 8).numbers(Tag.HIGH_BIT, 7)
            .text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME1").numbers(Tag.PIXEL_PADDING_VALUE, 0));
        assertArrayEquals(new float[]{0, 254, 253, 252, 251, 0}, volume(ImageRules.defaults()).voxels());
    }

    @Test
    void hounsfieldUnitsAreNotInverted() throws IOException {
        write("1", TestSlices.axial(0, 0, 1, 2, 3, 4, 5).text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME1")
            .text(Tag.RESCALE_TYPE, "HU").numbers(Tag.RESCALE_INTERCEPT, -1000));
        assertArrayEquals(new float[]{-1000, -999, -998, -997, -996, -995}, volume(ImageRules.defaults()).voxels());
    }

    private static DataSetBuilder named(final double z, final String name) {
        return TestSlices.axial(z, 1, 2, 3, 4, 5, 6).text(Tag.SOP_INSTANCE_UID, Uid.derived(name + z));
    }

    private List<String> parts() throws IOException {
        final Study study = read(ImageRules.defaults());
        assertEquals(List.of(), study.problems());
        return study.series().stream().map(StudySeries::part).sorted().toList();
    }

    @Test
    void kindsOfImageDivideASeriesBeforeEchoesDo() throws IOException {
        for (int z = 0; z < 3; z++) {
            for (final String type : new String[]{"M", "P"}) {
                for (final double echo : new double[]{4.6, 9.2}) {
                    write(type + echo + z, named(z, type + echo).text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", type)
                        .numbers(Tag.ECHO_TIME, echo).numbers(Tag.INSTANCE_NUMBER, z));
                }
            }
        }
        assertEquals(List.of("type=ORIGINAL\\PRIMARY\\M TE=4.6", "type=ORIGINAL\\PRIMARY\\M TE=9.2",
            "type=ORIGINAL\\PRIMARY\\P TE=4.6", "type=ORIGINAL\\PRIMARY\\P TE=9.2"), parts());
    }

    @Test
    void diffusionWeightingsAndDirections() throws IOException {
        for (int z = 0; z < 2; z++) {
            write("b0" + z, named(z, "b0").numbers(Tag.DIFFUSION_B_VALUE, 0));
            write("bx" + z, named(z, "bx").numbers(Tag.DIFFUSION_B_VALUE, 1000)
                .numbers(Tag.DIFFUSION_GRADIENT_ORIENTATION, 1, 0, 0));
            write("by" + z, named(z, "by").numbers(Tag.DIFFUSION_B_VALUE, 1000)
                .numbers(Tag.DIFFUSION_GRADIENT_ORIENTATION, 0, 1, 0));
        }
        assertEquals(List.of("b=0", "b=1000 g=[0.0, 1.0, 0.0]", "b=1000 g=[1.0, 0.0, 0.0]"), parts());
    }

    @Test
    void siemensKeepsTheBValueInAPrivateAttribute() throws IOException {
        for (int z = 0; z < 2; z++) {
            for (final String b : new String[]{"0", "800"}) {
                write(b + z, named(z, b).bytes(0x00190010, VR.LO, "SIEMENS MR HEADER".getBytes())
                    .bytes(0x0019100C, VR.IS, b.getBytes()));
            }
        }
        assertEquals(List.of("b=0", "b=800"), parts());
    }

    @Test
    void timePointsAndAcquisitions() throws IOException {
        for (int z = 0; z < 3; z++) {
            for (int t = 1; t <= 2; t++) {
                // the acquisition time differs from slice to slice and tells no volumes apart
                write(t + "" + z, named(z, "t" + t).numbers(Tag.TEMPORAL_POSITION_IDENTIFIER, t)
                    .text(Tag.ACQUISITION_TIME, "1200" + (10 * t + z)));
            }
        }
        assertEquals(List.of("t=1", "t=2"), parts());
    }

    @Test
    void sliceMissingAtTheEndIsReported() throws IOException {
        for (int z = 0; z < 4; z++) {
            write("" + z, named(z, "a").numbers(Tag.INSTANCE_NUMBER, z + 3));
        }
        final Problem p = read(ImageRules.defaults()).problems().get(0);
        assertEquals(Kind.INCOMPLETE_SERIES, p.kind());
        assertEquals(Problem.Effect.KEPT, p.effect());
        assertEquals("The instance numbers run from 3 to 6: 2 images may be missing before.", p.message());
        for (int z = 0; z < 4; z++) {
            write("" + z, named(z, "a").numbers(Tag.NUMBER_OF_SLICES, 5));
        }
        assertTrue(read(ImageRules.defaults()).problems().get(0).message()
            .startsWith("4 of 5 images are there that Number of Slices (0054,0081) announces"));
    }
}
