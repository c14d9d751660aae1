package org.scanbridge.dicom.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.dicom.pixel.PixelFormat;
import org.scanbridge.dicom.pixel.PixelPadding;
import org.scanbridge.dicom.pixel.ValueMapping;

/** Reads what a header says about the frames of an image file. */
public final class SliceReader {

    private final DicomDecoders m_decoders;

    private final ImageRules m_rules;

    /**
     * @param decoders tell which transfer syntaxes can be read
     * @param rules which values voxels get
     */
    public SliceReader(final DicomDecoders decoders, final ImageRules rules) {
        m_decoders = Objects.requireNonNull(decoders, "decoders");
        m_rules = Objects.requireNonNull(rules, "rules");
    }

    /**
     * The frames of an image file.
     *
     * @param file an open file with pixel data
     * @param source where it lies
     * @param path its relative path
     * @throws DicomException if the image cannot be used
     */
    public List<Slice> read(final DicomFile file, final FilePart source, final String path) throws DicomException {
        final DataSet data = file.data();
        final PixelFormat format = PixelFormat.of(data);
        m_decoders.check(file, format);
        final FunctionalGroups groups = FunctionalGroups.of(data, format.frames());
        final String sopClass = data.text(Tag.SOP_CLASS_UID);
        final String sopInstance = data.text(Tag.SOP_INSTANCE_UID);
        final Optional<PixelPadding> padding =
            m_rules.padding() == PaddingRule.KEEP ? Optional.empty() : PixelPadding.of(data, format.signed());
        final double[] offsets = data.numbers(Tag.GRID_FRAME_OFFSET_VECTOR);
        final List<Slice> slices = new ArrayList<>();
        final double[] spacing2d = spacing2d(data);
        Map<String, String> parts = Map.of();
        ValueMapping mapping = ValueMapping.linear(1, 0);
        final Optional<Mosaic> mosaic = Mosaic.of(data, groups, format);
        for (int f = 0; f < format.frames(); f++) {
            Optional<Plane> plane = Plane.of(groups, f, format.columns(), format.rows());
            if (format.frames() > 1 && !groups.isPresent()) {
                // One position for all frames: only an offset vector tells where each lies (PS3.3 C.8.8.3.2).
                final double offset = offsets.length == format.frames() ? offsets[f] - offsets[0] : Double.NaN;
                plane = Double.isNaN(offset) ? Optional.empty() : plane.map(p -> p.shifted(offset));
            }
            if (f == 0 || groups.isPresent()) {
                // Without functional groups all frames share what the header says.
                final ValueMapping own = mapping(data, groups, f, format);
                mapping = padding.map(own::without).orElse(own);
                parts = VolumeParts.of(data, groups, f);
            }
            final String instance = sopInstance.isEmpty() ? path : sopInstance;
            final double thickness = positive(groups.group(f, Tag.PIXEL_MEASURES_SEQUENCE), Tag.SLICE_THICKNESS);
            if (mosaic.isPresent()) {
                for (int tile = 0; tile < mosaic.get().planes().size(); tile++) {
                    slices.add(new Slice(source, path, f, tile, sopClass, instance, format, mapping,
                        Optional.of(mosaic.get().planes().get(tile)), spacing2d, thickness, parts, instanceNumber(data)));
                }
            } else {
                slices.add(new Slice(source, path, f, -1, sopClass, instance, format, mapping, plane, spacing2d, thickness,
                    parts, instanceNumber(data)));
            }
        }
        return slices;
    }

    private ValueMapping mapping(final DataSet data, final FunctionalGroups groups, final int frame,
        final PixelFormat format) throws DicomException {
        if (m_rules.values() == ValueRule.REAL_WORLD) {
            final List<DataSet> own = groups.items(frame, Tag.REAL_WORLD_VALUE_MAPPING_SEQUENCE);
            final Optional<ValueMapping> real = ValueMapping.realWorld(
                own.isEmpty() ? data.items(Tag.REAL_WORLD_VALUE_MAPPING_SEQUENCE) : own, format.signed());
            if (real.isPresent()) {
                return real.get();
            }
        }
        return ValueMapping.of(groups.group(frame, Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE), format.signed());
    }

    /**
     * Row and column spacing of a projection image: Pixel Spacing, which is calibrated; else Imager Pixel Spacing divided
     * by the magnification; else 1 mm. A Pixel Spacing that equals Imager Pixel Spacing, and does not say how it was
     * calibrated, was not (PS3.3 10.7.1.3).
     */
    static double[] spacing2d(final DataSet data) throws DicomException {
        final double[] calibrated = data.numbers(Tag.PIXEL_SPACING);
        final double[] imager = data.numbers(Tag.IMAGER_PIXEL_SPACING);
        if (isSpacing(calibrated) && (data.hasValue(Tag.PIXEL_SPACING_CALIBRATION_TYPE) || !Arrays.equals(calibrated, imager))) {
            return calibrated;
        }
        if (!isSpacing(imager)) {
            return new double[]{1, 1};
        }
        final double magnification = positive(data, Tag.ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR);
        final double m = magnification > 0 ? magnification : 1;
        return new double[]{imager[0] / m, imager[1] / m};
    }

    private static boolean isSpacing(final double[] s) {
        return s.length == 2 && s[0] > 0 && s[1] > 0;
    }

    private static double positive(final DataSet data, final int tag) throws DicomException {
        return Math.max(0, data.number(tag, 0));
    }

    private static int instanceNumber(final DataSet data) {
        final String text = data.text(Tag.INSTANCE_NUMBER);
        return text.matches("[+-]?[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }
}
