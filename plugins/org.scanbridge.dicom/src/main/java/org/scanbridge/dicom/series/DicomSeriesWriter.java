package org.scanbridge.dicom.series;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.SourceSeries.Instance;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/**
 * Writes a volume as a series of files, one per slice, explicit VR little endian, 16 bits: MR or CT Image Storage (PS3.3
 * A.4, A.3); derived images of other modalities as PET, CR or DX (For Presentation) Image Storage where the source images
 * tell what these demand, else as Secondary Capture. A volume of unknown modality that is not derived is written as MR.
 * Volumes of integers that fit into 16 bits are kept exactly; others are mapped onto 0..65535 by Rescale Slope and
 * Intercept, which keeps them to within half a slope. The same input gives the same bytes.
 */
public final class DicomSeriesWriter {

    /** Names this software in the equipment module. */
    public static final String MANUFACTURER = "ScanBridge";

    private static final int MAX_UNSIGNED = 0xffff;

    /** Series Number of derived series, out of the way of those of scanners. */
    private static final int DERIVED_SERIES = 1001;

    private final DataSet m_common;

    private final String m_seed;

    private final String m_description;

    private final String m_derivation;

    private final Optional<Sources> m_sources;

    /**
     * The images that a derived series was made from.
     *
     * @param series the series; its attributes of patient and study go into the derived images
     * @param bySlice whether slice k was made from image k; else every slice from all images
     */
    public record Sources(SourceSeries series, boolean bySlice) {

        /** @throws NullPointerException if the series is null */
        public Sources {
            Objects.requireNonNull(series, "series");
        }
    }

    /**
     * A derived series that refers to its source images (PS3.3 C.7.6.1, Source Image Sequence).
     *
     * @param sources what it was made from
     * @param seed the UIDs of the series and its images derive from it
     * @param description Series Description, at most 64 characters
     * @param derivation how it was made (Derivation Description), at most 1024 characters
     * @return the writer
     */
    public static DicomSeriesWriter derived(final Sources sources, final String seed, final String description,
        final String derivation) {
        return new DicomSeriesWriter(sources.series().common(), seed, description, derivation, Optional.of(sources));
    }

    private DicomSeriesWriter(final DataSet common, final String seed, final String description, final String derivation,
        final Optional<Sources> sources) {
        m_common = Objects.requireNonNull(common, "common");
        m_seed = Objects.requireNonNull(seed, "seed");
        m_description = Objects.requireNonNull(description, "description");
        m_derivation = Objects.requireNonNull(derivation, "derivation");
        m_sources = sources;
    }

    /**
     * @param common attributes of patient, study and frame of reference, see {@link SourceSeries#common(DataSet)}
     * @param seed the UIDs of the series and its images derive from it
     * @param description Series Description, at most 64 characters
     * @param derivation how the volume was derived from acquired images; empty if it is original
     */
    public DicomSeriesWriter(final DataSet common, final String seed, final String description,
        final String derivation) {
        this(common, seed, description, derivation, Optional.empty());
    }

    /** How stored values relate to the values of the volume. */
    private record Scale(double slope, double intercept, boolean signed, double min, double max) {

        static Scale of(final float[] voxels) {
            double min = Double.POSITIVE_INFINITY;
            double max = Double.NEGATIVE_INFINITY;
            boolean integers = true;
            for (final float v : voxels) {
                if (!Float.isFinite(v)) {
                    throw new IllegalArgumentException("A voxel is " + v + "; DICOM holds finite values only.");
                }
                min = Math.min(min, v);
                max = Math.max(max, v);
                integers &= v == Math.rint(v);
            }
            if (integers && min >= 0 && max <= MAX_UNSIGNED) {
                return new Scale(1, 0, false, min, max);
            }
            if (integers && min >= Short.MIN_VALUE && max <= Short.MAX_VALUE) {
                return new Scale(1, 0, true, min, max);
            }
            // As a reader will see them: decimal strings have 16 characters.
            final DataSet written = DataSet.builder()
                .numbers(Tag.RESCALE_SLOPE, max > min ? (max - min) / MAX_UNSIGNED : 1)
                .numbers(Tag.RESCALE_INTERCEPT, min).build();
            return new Scale(Double.parseDouble(written.text(Tag.RESCALE_SLOPE)),
                Double.parseDouble(written.text(Tag.RESCALE_INTERCEPT)), false, min, max);
        }

        /** Whether the values are stored as they are, without sign. */
        boolean isWords() {
            return slope == 1 && intercept == 0 && !signed;
        }

        /** For classes whose Rescale Intercept is always 0 (PS3.3 C.8.9.4). */
        Scale withoutIntercept() {
            if (intercept == 0) {
                return this;
            }
            final double step = Math.max(Math.abs(min), Math.abs(max)) / (min < 0 ? Short.MAX_VALUE : MAX_UNSIGNED);
            final DataSet written = DataSet.builder().numbers(Tag.RESCALE_SLOPE, step).build();
            return new Scale(Double.parseDouble(written.text(Tag.RESCALE_SLOPE)), 0, min < 0, min, max);
        }

        short stored(final float v) {
            final long stored = Math.round((v - intercept) / slope);
            return (short)(signed ? Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, stored))
                 : Math.max(0, Math.min(MAX_UNSIGNED, stored)));
        }
    }

    /** As {@link #write(Path, Volume, Progress)}, reporting to nobody. */
    public SourceSeries write(final Path folder, final Volume volume) throws IOException {
        return write(folder, volume, Progress.NONE);
    }

    /**
     * Writes the files {@code IM0001.dcm}, … into a folder.
     *
     * @param folder an existing folder
     * @param volume the volume
     * @param progress counts slices; cancels between them, leaving those that are written
     * @return what a segmentation of the volume refers to
     * @throws IllegalArgumentException if a voxel is not finite, the modality of an image that is not derived is neither MR
     *             nor CT, or a projection has several slices
     * @throws IOException if writing fails
     */
    public SourceSeries write(final Path folder, final Volume volume, final Progress progress) throws IOException {
        final Geometry g = volume.geometry();
        final String unknown = m_sources.isPresent() ? "OT" : "MR";
        final String modality = volume.info().modality().isEmpty() ? unknown : volume.info().modality();
        if (m_sources.isEmpty() && !modality.equals("MR") && !modality.equals("CT")) {
            throw new IllegalArgumentException("Volumes of modality " + modality
                + " cannot be written as DICOM series unless they are derived; MR and CT can.");
        }
        final Acquisition acquisition =
            m_sources.map(s -> s.series().acquisition()).orElse(Acquisition.UNKNOWN);
        if (!acquisition.placed() && g.size(2) > 1) {
            throw new IllegalArgumentException("The source is a projection without a place in the patient, but the image"
                + " has " + g.size(2) + " slices; DICOM could not tell where they lie. Write it as NIfTI.");
        }
        final List<DataSet> acquired =
            acquisition.of(g.size(2), m_sources.map(Sources::bySlice).orElse(false));
        final Scale range = Scale.of(volume.voxels());
        final ImageClass kind = ImageClass.of(modality, g, range.isWords(), acquisition.placed(), acquired);
        final Scale scale = kind == ImageClass.PET ? range.withoutIntercept() : range;
        final String seriesUid = Uid.derived(m_seed + "/series");
        final List<Instance> instances = new ArrayList<>();
        for (int k = 0; k < g.size(2); k++) {
            progress.report((double)k / g.size(2), "Writing slice " + (k + 1) + " of " + g.size(2));
            final String sopInstance = Uid.derived(m_seed + "/series/" + k);
            final DataSetBuilder slice = m_common.toBuilder();
            if (acquisition.placed()) {
                image(slice, g, k);
            } else {
                slice.remove(Tag.FRAME_OF_REFERENCE_UID, Tag.POSITION_REFERENCE_INDICATOR);
                Acquisition.spacing(acquired.get(k), slice, g);
            }
            equipmentAndSeries(slice, seriesUid, k, g.size(2));
            slice.text(Tag.SOP_CLASS_UID, kind.uid()).text(Tag.SOP_INSTANCE_UID, sopInstance)
                .text(Tag.MODALITY, modality);
            if (kind == ImageClass.MR || kind == ImageClass.CT) {
                acquisition(slice, modality);
            } else {
                slice.text(Tag.DERIVATION_DESCRIPTION, m_derivation);
                kind.modules(slice, acquired.get(k), k, g.size(2));
            }
            sources(slice, k, g.size(2));
            pixels(slice, volume, scale, k);
            if (kind == ImageClass.PET) {
                slice.remove(Tag.RESCALE_TYPE);
            } else if (kind == ImageClass.DX) {
                slice.text(Tag.RESCALE_TYPE, "US").numbers(Tag.WINDOW_CENTER, (range.min() + range.max() + 1) / 2)
                    .numbers(Tag.WINDOW_WIDTH, range.max() - range.min() + 1);
            }
            Files.write(folder.resolve(String.format("IM%04d.dcm", k + 1)), DicomOutput.file(slice.build()));
            instances.add(new Instance(kind.uid(), sopInstance, -1));
        }
        return new SourceSeries(m_common, seriesUid, instances);
    }

    private void equipmentAndSeries(final DataSetBuilder slice, final String seriesUid, final int k,
        final int count) {
        slice.text(Tag.SERIES_INSTANCE_UID, seriesUid).numbers(Tag.SERIES_NUMBER, m_sources.isPresent() ? DERIVED_SERIES : 1)
            .text(Tag.SERIES_DESCRIPTION, m_description)
            .text(Tag.MANUFACTURER, MANUFACTURER).text(Tag.MANUFACTURER_MODEL_NAME, MANUFACTURER)
            .numbers(Tag.INSTANCE_NUMBER, k + 1).numbers(Tag.ACQUISITION_NUMBER, 1)
            .numbers(Tag.IMAGES_IN_ACQUISITION, count);
        slice.empty(Tag.LATERALITY);
        if (m_sources.isPresent()) {
            slice.empty(Tag.PATIENT_POSITION); // is how the patient lay, which only the source images know
        } else {
            slice.text(Tag.PATIENT_POSITION, "HFS");
        }
    }

    private void sources(final DataSetBuilder slice, final int k, final int slices) {
        if (m_sources.isEmpty()) {
            return;
        }
        final List<Instance> images = m_sources.get().series().instances();
        if (m_sources.get().bySlice() && images.size() != slices) {
            throw new IllegalArgumentException(images.size() + " source images for " + slices + " slices.");
        }
        final List<DataSet> items = new ArrayList<>();
        for (int n = 0; n < images.size(); n++) {
            if (!m_sources.get().bySlice() || n == k) {
                items.add(source(images.get(n)));
            }
        }
        slice.items(Tag.SOURCE_IMAGE_SEQUENCE, items);
    }

    private static DataSet source(final Instance image) {
        // PS3.16 CID 7202
        final DataSet purpose = DataSet.builder().text(Tag.CODE_VALUE, "121322").text(Tag.CODING_SCHEME_DESIGNATOR, "DCM")
            .text(Tag.CODE_MEANING, "Source image for image processing operation").build();
        final DataSetBuilder item = DataSet.builder().text(Tag.REFERENCED_SOP_CLASS_UID, image.sopClass())
            .text(Tag.REFERENCED_SOP_INSTANCE_UID, image.sopInstance())
            .items(Tag.PURPOSE_OF_REFERENCE_CODE_SEQUENCE, purpose);
        if (image.frame() >= 0) {
            item.numbers(Tag.REFERENCED_FRAME_NUMBER, image.frame() + 1.0);
        }
        return item.build();
    }

    /** What a scanner would tell and a volume does not know: type 2 attributes stay empty. */
    private void acquisition(final DataSetBuilder slice, final String modality) {
        final String kind = modality.equals("CT") ? "AXIAL" : "OTHER";
        if (m_derivation.isEmpty()) {
            slice.text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", kind);
        } else {
            slice.text(Tag.IMAGE_TYPE, "DERIVED", "SECONDARY", kind).text(Tag.DERIVATION_DESCRIPTION, m_derivation);
        }
        if (modality.equals("CT")) {
            slice.empty(Tag.KVP);
        } else {
            slice.text(Tag.SCANNING_SEQUENCE, "RM").text(Tag.SEQUENCE_VARIANT, "NONE")
                .text(Tag.MR_ACQUISITION_TYPE, "3D")
                .empty(Tag.SCAN_OPTIONS, Tag.REPETITION_TIME, Tag.ECHO_TIME, Tag.ECHO_TRAIN_LENGTH);
        }
    }

    private static void image(final DataSetBuilder slice, final Geometry g, final int k) {
        final double[] d = g.direction();
        slice.numbers(Tag.IMAGE_POSITION_PATIENT, g.position(0, 0, k))
            .numbers(Tag.IMAGE_ORIENTATION_PATIENT, d[0], d[1], d[2], d[3], d[4], d[5])
            .numbers(Tag.PIXEL_SPACING, g.spacing(1), g.spacing(0)).numbers(Tag.SLICE_THICKNESS, g.spacing(2))
            .numbers(Tag.SPACING_BETWEEN_SLICES, g.spacing(2));
    }

    private static void pixels(final DataSetBuilder slice, final Volume volume, final Scale scale, final int k) {
        final Geometry g = volume.geometry();
        final int plane = g.size(0) * g.size(1);
        final ByteBuffer bytes = ByteBuffer.allocate(2 * plane).order(ByteOrder.LITTLE_ENDIAN);
        for (int p = 0; p < plane; p++) {
            bytes.putShort(scale.stored(volume.voxels()[k * plane + p]));
        }
        slice.numbers(Tag.SAMPLES_PER_PIXEL, 1).text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
            .numbers(Tag.ROWS, g.size(1)).numbers(Tag.COLUMNS, g.size(0)).numbers(Tag.BITS_ALLOCATED, 16)
            .numbers(Tag.BITS_STORED, 16).numbers(Tag.HIGH_BIT, 15)
            .numbers(Tag.PIXEL_REPRESENTATION, scale.signed() ? 1 : 0).numbers(Tag.RESCALE_SLOPE, scale.slope())
            .numbers(Tag.RESCALE_INTERCEPT, scale.intercept()).text(Tag.RESCALE_TYPE, rescaleType(volume))
            .bytes(Tag.PIXEL_DATA, VR.OW, bytes.array());
    }

    private static String rescaleType(final Volume volume) {
        final String units = volume.info().units();
        return units.isEmpty() || units.length() > 16 ? "US" : units;
    }
}
