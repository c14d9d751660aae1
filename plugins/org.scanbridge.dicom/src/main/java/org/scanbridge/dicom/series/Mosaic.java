package org.scanbridge.dicom.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.pixel.PixelFormat;

/**
 * A volume whose slices lie side by side in one frame: row by row in a square of as few tiles as hold them.
 * <ul>
 * <li>Siemens (Image Type MOSAIC): the CSA header tells the number of slices and the side to which they follow each other;
 * Image Position is that of a single slice centered where the whole mosaic would be.</li>
 * <li>United Imaging (Image Type VFRAME): private attributes tell the number of slices, and a sequence the position of
 * each.</li>
 * </ul>
 * The geometry is that of dcm2niix and SPM.
 *
 * @param planes where the tiles lie, in their order
 */
record Mosaic(List<Plane> planes) {

    private static final int MAX_TILES = 1 << 12;

    /** Copies the list. */
    Mosaic {
        planes = List.copyOf(planes);
    }

    /**
     * The mosaic of an image.
     *
     * @param groups of the image
     * @return empty if it is none
     * @throws DicomException if it is one whose slices' number or positions nobody tells
     */
    static Optional<Mosaic> of(final DataSet data, final FunctionalGroups groups, final PixelFormat format)
        throws DicomException {
        final List<String> type = data.texts(Tag.IMAGE_TYPE);
        if (format.frames() > 1 || format.samples() > 1) {
            return Optional.empty();
        }
        if (type.contains("MOSAIC")) {
            return siemens(data, groups, format);
        }
        final Optional<PrivateBlock> uih = PrivateBlock.find(data, 0x0065, "Image Private Header");
        return uih.isPresent() ? uih(data, uih.get(), format) : Optional.empty();
    }

    private static Optional<Mosaic> siemens(final DataSet data, final FunctionalGroups groups, final PixelFormat format)
        throws DicomException {
        final SiemensCsa csa = csa(data);
        double[] count = csa.numbers("NumberOfImagesInMosaic");
        if (count.length == 0) {
            count = PrivateBlock.find(data, 0x0019, "SIEMENS MR HEADER").map(b -> shorts(b)).orElse(count);
        }
        if (count.length == 0) {
            throw unsupported("The image is a mosaic of many slices in one frame, but the private CSA header that tells their"
                + " number and positions was removed; export the series again with private attributes, or as one file per"
                + " slice");
        }
        final int slices = (int)count[0];
        final int[] tile = tile(slices, format);
        final Plane whole = Plane.of(groups, 0, tile[0], tile[1]).orElseThrow(() -> unsupported("The image is a mosaic"
            + " without position and orientation"));
        final double[] normal = whole.axes().normal();
        final double[] told = csa.numbers("SliceNormalVector");
        final double side = told.length == 3
            && told[0] * normal[0] + told[1] * normal[1] + told[2] * normal[2] < 0 ? -1 : 1;
        final double between = data.number(Tag.SPACING_BETWEEN_SLICES, 0);
        final double spacing = between > 0 ? between : data.number(Tag.SLICE_THICKNESS, 0);
        if (slices > 1 && !(spacing > 0)) {
            throw unsupported("The image is a mosaic of " + slices + " slices without Spacing Between Slices (0018,0088) and"
                + " Slice Thickness (0018,0050)");
        }
        final double right = (format.columns() - tile[0]) / 2.0 * whole.columnSpacing();
        final double down = (format.rows() - tile[1]) / 2.0 * whole.rowSpacing();
        final Plane.Axes a = whole.axes();
        final Plane first = new Plane(tile[0], tile[1], whole.columnSpacing(), whole.rowSpacing(),
            whole.x() + right * a.ix() + down * a.jx(), whole.y() + right * a.iy() + down * a.jy(),
            whole.z() + right * a.iz() + down * a.jz(), a);
        final List<Plane> planes = new ArrayList<>();
        for (int k = 0; k < slices; k++) {
            planes.add(first.shifted(side * k * spacing));
        }
        return Optional.of(new Mosaic(planes));
    }

    /** The CSA image header; empty where there is none. */
    static SiemensCsa csa(final DataSet data) {
        return SiemensCsa.of(PrivateBlock.find(data, 0x0029, "SIEMENS CSA HEADER").flatMap(b -> b.element(0x10))
            .map(e -> e.bytes()).orElse(new byte[0]));
    }

    private static double[] shorts(final PrivateBlock block) {
        return block.element(0x0A).filter(e -> e.bytes().length >= 2)
            .map(e -> new double[]{e.isBigEndian() ? (e.bytes()[0] & 0xff) << 8 | e.bytes()[1] & 0xff
                : (e.bytes()[1] & 0xff) << 8 | e.bytes()[0] & 0xff})
            .orElse(new double[0]);
    }

    private static Optional<Mosaic> uih(final DataSet data, final PrivateBlock block, final PixelFormat format)
        throws DicomException {
        final double[] count = block.numbers(0x50, VR.DS);
        if (count.length == 0 || count[0] < 2) {
            return Optional.empty();
        }
        final int[] tile = tile((int)count[0], format);
        final List<DataSet> items = data.items(block.tag(0x51));
        if (items.size() != (int)count[0]) {
            throw unsupported("The image is a mosaic of " + (int)count[0] + " slices (VFRAME) with positions of "
                + items.size());
        }
        final List<Plane> planes = new ArrayList<>();
        for (final DataSet item : items) {
            planes.add(Plane.of(item, item.hasValue(Tag.IMAGE_ORIENTATION_PATIENT) ? item : data,
                item.hasValue(Tag.PIXEL_SPACING) ? item : data, tile[0], tile[1]));
        }
        return Optional.of(new Mosaic(planes));
    }

    /** Columns and rows of a tile. */
    private static int[] tile(final int slices, final PixelFormat format) throws DicomException {
        final int across = (int)Math.ceil(Math.sqrt(slices));
        if (slices < 1 || slices > MAX_TILES || format.columns() % across != 0 || format.rows() % across != 0) {
            throw unsupported("The image is a mosaic of " + slices + " slices, which do not divide its " + format.columns()
                + "×" + format.rows() + " pixels evenly");
        }
        return new int[]{format.columns() / across, format.rows() / across};
    }

    private static DicomException unsupported(final String message) {
        return new DicomException(Reason.UNSUPPORTED, message, Tag.IMAGE_TYPE, DicomException.NONE);
    }

    /**
     * Copies a tile out of the frame.
     *
     * @param frame values of the whole frame, row by row
     * @param columns columns of the frame
     * @param slice which tile
     */
    static void copy(final float[] frame, final int columns, final Slice slice, final float[] target, final int offset) {
        final Plane p = slice.plane().orElseThrow();
        final int across = columns / p.columns();
        final int start = slice.tile() / across * p.rows() * columns + slice.tile() % across * p.columns();
        for (int r = 0; r < p.rows(); r++) {
            System.arraycopy(frame, start + r * columns, target, offset + r * p.columns(), p.columns());
        }
    }
}
