package org.scanbridge.knime.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataType;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.port.PortObject;
import org.scanbridge.dicom.nifti.NiftiWriter;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.dicom.study.DicomStudyWriter;
import org.scanbridge.dicom.study.StudySubject;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.atlas.AtlasClass;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.knime.data.LabelVolumeCell;
import org.scanbridge.knime.data.VolumeCell;
import org.scanbridge.knime.data.VolumeCellFactory;
import org.scanbridge.knime.nodes.dicomreader.DicomReaderNodeFactory;
import org.scanbridge.knime.port.AnomalyPortObject;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.learning.anomaly.AnomalyModel;
import org.scanbridge.learning.anomaly.HealthyResiduals;
import org.scanbridge.learning.anomaly.ResidualOptions;
import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.network.Provenance;

/**
 * Tables of shells of three classes in cubes, saved on disk, so that whoever loads them in another virtual machine has none
 * of their voxels in memory.
 */
enum HeapInputs {

    /** 27 MB an image: a byte too many for each voxel is more than what differs from run to run. */
    LARGE(192, 1),

    /** For what takes longer. */
    MEDIUM(160, 1),

    /** For what takes longest. */
    SMALL(128, 1),

    /** Two sites, with intensities from 0 to 1. */
    TWO(128, 2),

    /** Three subjects. */
    ATLAS(112, 3),

    /** Another subject than those of {@link #TWO}. */
    VALIDATION_ROW(128, 1),

    /** Two subjects of each of two sites. */
    STUDY(80, 4),

    /** Many small images. */
    MANY(40, 200);

    /** Folder of a DICOM study that holds the image of {@link #LARGE} with its segmentation. */
    static final String DICOM = "dicom";

    /** File with the address of an archive that holds what lies in {@link #DICOM}. */
    static final String ARCHIVE = "archive";

    /** Folder of the same as NIfTI. */
    static final String NIFTI = "nifti";

    /** Table of a learner's validation. */
    static final String VALIDATION = VALIDATION_ROW.name();

    private static final LabelSet LABELS = LabelSet.of("outer", "middle", "inner");

    /** Outer radii of the shells, as shares of the cube. */
    private static final double[] RADII = {0.4, 0.33, 0.25};

    private static final float[] INTENSITIES = {0, 200, 400, 700};

    private static final int ATLAS_SIZE = 64;

    /** Pixels of a slice of {@link #LARGE}. */
    static final long SLICE = 192L * 192;

    /** Pixels of the slices of {@link #LARGE} that are decoded at a time. */
    static final long SLICES = SLICE * Math.min(Stack.AT_ONCE, Runtime.getRuntime().availableProcessors());

    /** Voxels of the largest atlas that is made: cubes of 2 mm around the outer shell. */
    static final long ATLAS_VOXELS = 48L * 48 * 48;

    private final int m_size;

    private final int m_rows;

    HeapInputs(final int size, final int rows) {
        m_size = size;
        m_rows = rows;
    }

    /** Number of voxels of an image. */
    long voxels() {
        return (long)m_size * m_size * m_size;
    }

    /** Voxels of the box around all classes. */
    static long boxAroundLabels(final long voxels) {
        return (long)(Math.pow(2 * RADII[0] * Math.cbrt(voxels) + 3, 3));
    }

    /** Voxels of the surfaces of the outer shell, in two segmentations; three faces of a cube for each piece of sphere. */
    static long surfaceOfLabels(final long voxels) {
        return (long)(2 * 1.5 * 4 * Math.PI * (RADII[0] * RADII[0] + RADII[1] * RADII[1]) * Math.pow(Math.cbrt(voxels), 2));
    }

    /** Writes all of them. */
    static void write(final Path folder, final Path temporary) throws Exception {
        try (Bench bench = new Bench(temporary)) {
            final String series = files(bench, folder);
            for (final HeapInputs input : values()) {
                input.save(bench, folder, series);
            }
        }
    }

    /** Writes the files of readers; returns the id of the DICOM series. */
    private static String files(final Bench bench, final Path folder) throws Exception {
        final Volume image = image(LARGE.m_size, 0, 1, info("large", "A"));
        final LabelVolume labels = labels(LARGE.m_size, 0, image.info());
        new DicomStudyWriter("1").write(folder.resolve(DICOM),
            List.of(new StudySubject("A", "large", image, Optional.of(labels))), Progress.NONE);
        final Path site = Files.createDirectories(folder.resolve(NIFTI).resolve("A"));
        NiftiWriter.write(site.resolve("large.nii.gz"), image);
        NiftiWriter.write(site.resolve("large_seg.nii.gz"), labels);
        return bench.run(new DicomReaderNodeFactory(), s -> s.addString("folder", folder.resolve(DICOM).toString()),
            (PortObject)null).rows(0).get(0).getCell(2).toString();
    }

    private void save(final Bench bench, final Path folder, final String series) throws IOException {
        final VolumeCellFactory cells = VolumeCellFactory.of(bench.context());
        final float scale = this == TWO ? 1e-3f : 1;
        final List<DataCell[]> rows = new ArrayList<>();
        for (int r = 0; r < m_rows; r++) {
            final VolumeInfo info = info(name() + r, r % 2 == 0 ? "A" : "B");
            rows.add(new DataCell[]{new StringCell(info.subject()), new StringCell(info.site()), new StringCell(series),
                cells.create("i" + r, image(m_size, 0, scale, info)), cells.create("m" + r, image(m_size, 2, scale, info)),
                cells.create("s" + r, labels(m_size, 0, info)), cells.create("p" + r, labels(m_size, 1, info))});
        }
        final DataTableSpec spec = new DataTableSpec(column("Subject", StringCell.TYPE), column("Site", StringCell.TYPE),
            column("Series", StringCell.TYPE), column("Image", VolumeCell.TYPE), column("Moved", VolumeCell.TYPE),
            column("Segmentation", LabelVolumeCell.TYPE), column("Model", LabelVolumeCell.TYPE));
        bench.save(bench.table(spec, rows), folder.resolve(name()));
    }

    private static org.knime.core.data.DataColumnSpec column(final String name, final DataType type) {
        return new DataColumnSpecCreator(name, type).createSpec();
    }

    private static VolumeInfo info(final String subject, final String site) {
        return new VolumeInfo("MR", site, subject, subject + "-T1", "");
    }

    private static int label(final double i, final double j, final double k, final int size) {
        final double x = (i + 0.5) / size - 0.5;
        final double y = (j + 0.5) / size - 0.5;
        final double z = (k + 0.5) / size - 0.5;
        // flattened, so that turning it makes a difference
        final double r = Math.sqrt(x * x + 1.3 * y * y + 1.7 * z * z);
        return r < RADII[2] ? 3 : r < RADII[1] ? 2 : r < RADII[0] ? 1 : 0;
    }

    private static Volume image(final int size, final int shift, final float scale, final VolumeInfo info) {
        final float[] x = new float[size * size * size];
        int v = 0;
        for (int k = 0; k < size; k++) {
            for (int j = 0; j < size; j++) {
                for (int i = 0; i < size; i++, v++) {
                    final int label = label(i - shift, j, k, size);
                    x[v] = label == 0 ? 0 : scale * (INTENSITIES[label] + (v * 7919L + info.subject().hashCode() & 63));
                }
            }
        }
        return new Volume(x, Geometry.axial(new int[]{size, size, size}, 1, 1, 1), info);
    }

    private static LabelVolume labels(final int size, final int shift, final VolumeInfo info) {
        final byte[] y = new byte[size * size * size];
        int v = 0;
        for (int k = 0; k < size; k++) {
            for (int j = 0; j < size; j++) {
                for (int i = 0; i < size; i++, v++) {
                    y[v] = (byte)label(i - shift, j, k, size);
                }
            }
        }
        return new LabelVolume(y, Geometry.axial(new int[]{size, size, size}, 1, 1, 1), info, LABELS);
    }

    /** Three classes and the rest, on 2 mm, where the images of {@link #SMALL} have them. */
    static Atlas atlas() {
        final byte[][] priors = new byte[4][ATLAS_SIZE * ATLAS_SIZE * ATLAS_SIZE];
        for (int v = 0; v < priors[0].length; v++) {
            final int label = label(v % ATLAS_SIZE, v / ATLAS_SIZE % ATLAS_SIZE, v / ATLAS_SIZE / ATLAS_SIZE, ATLAS_SIZE);
            priors[label == 0 ? 3 : label - 1][v] = (byte)255;
        }
        return new Atlas(new Geometry(new int[]{ATLAS_SIZE, ATLAS_SIZE, ATLAS_SIZE}, new double[]{2, 2, 2},
            new double[]{0.5, 0.5, 0.5}, new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1}),
            List.of(new AtlasClass(1, "outer"), new AtlasClass(2, "middle"), new AtlasClass(3, "inner"),
                new AtlasClass(0, "unlabeled 1")), priors, 1);
    }

    /** A model that has learned nothing: what it takes of memory does not depend on its weights. */
    static AnomalyPortObject anomaly(final Bench bench) throws IOException {
        final AutoEncoderSpec spec =
            new AutoEncoderSpec(PatchSize.cube(64), 2, 3, 4, AutoEncoderSpec.Code.DENSE, false);
        return AnomalyPortObject.create(bench.context(), new AnomalyModel(spec, spec.initial(1), new double[]{1, 1, 1},
            ResidualOptions.defaults(), new HealthyResiduals(1, 1000, new float[(int)(100 * HealthyResiduals.MAX_PERCENT) + 1],
                new double[1], new double[1]), Provenance.untrained(1)));
    }
}
