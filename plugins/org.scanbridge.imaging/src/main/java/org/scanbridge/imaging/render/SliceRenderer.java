package org.scanbridge.imaging.render;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * Paints slices in radiological orientation, found from the direction cosines, with the aspect ratio of the patient:
 * the patient's right is on the left of axial and coronal slices. Gray levels are interpolated linearly, labels take
 * the nearest voxel.
 *
 * @param plane which way to cut
 * @param maxWidth largest width of the picture in pixels
 * @param maxHeight largest height of the picture in pixels; the picture fills one of the two
 * @param opacity of label colors over gray levels, in [0, 1]
 */
public record SliceRenderer(Plane plane, int maxWidth, int maxHeight, double opacity) {

    /** @throws IllegalArgumentException if a number is out of range */
    public SliceRenderer {
        if (maxWidth < 1 || maxHeight < 1) {
            throw new IllegalArgumentException("picture of " + maxWidth + "×" + maxHeight + " pixels");
        }
        if (!(opacity >= 0 && opacity <= 1)) {
            throw new IllegalArgumentException("opacity " + opacity + " is outside [0, 1]");
        }
    }

    /** A square thumbnail of axial slices, labels half transparent. */
    public static SliceRenderer thumbnail(final int pixels) {
        return new SliceRenderer(Plane.AXIAL, pixels, pixels, 0.5);
    }

    /** Number of slices of a grid in this plane. */
    public int slices(final Geometry grid) {
        return SliceGrid.slices(grid, plane);
    }

    /** The number of the middle slice of a grid in this plane. */
    public int middle(final Geometry grid) {
        return slices(grid) / 2;
    }

    /** The middle slice of an image with a window from its 1st to its 99.5th percentile. */
    public BufferedImage render(final Volume image) {
        return render(image, Optional.empty(), middle(image.geometry()), IntensityWindow.percentiles(image, 1, 99.5));
    }

    /** The middle slice of an image with its segmentation on top, window as in {@link #render(Volume)}. */
    public BufferedImage render(final Volume image, final LabelVolume labels) {
        return render(image, Optional.of(labels), middle(image.geometry()),
            IntensityWindow.percentiles(image, 1, 99.5));
    }

    /** The middle slice of a segmentation, opaque on black. */
    public BufferedImage render(final LabelVolume labels) {
        final SliceGrid slice = new SliceGrid(labels.geometry(), plane, middle(labels.geometry()));
        final BufferedImage picture = picture(slice);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                final int label = label(labels, slice, picture, x, y);
                picture.setRGB(x, y, label == 0 ? 0 : LabelColors.rgb(label));
            }
        }
        return picture;
    }

    /**
     * @param image the image
     * @param labels its segmentation on the same grid, if it is to be shown
     * @param slice number of the slice, from the right, anterior or inferior end, from 0
     * @param window gray levels
     * @throws ImagingException if the segmentation lies on another grid
     * @throws IllegalArgumentException if there is no such slice
     */
    public BufferedImage render(final Volume image, final Optional<LabelVolume> labels, final int slice,
        final IntensityWindow window) {
        labels.ifPresent(l -> {
            if (!l.geometry().sameGrid(image.geometry())) {
                throw new ImagingException("The segmentation has " + l.geometry() + ", the image "
                    + image.geometry().beside(l.geometry()) + ". Resample the segmentation to the image's grid first.");
            }
        });
        if (slice < 0 || slice >= slices(image.geometry())) {
            throw new IllegalArgumentException(
                plane + " slice " + slice + " is outside 0.." + (slices(image.geometry()) - 1));
        }
        final SliceGrid grid = new SliceGrid(image.geometry(), plane, slice);
        final BufferedImage picture = picture(grid);
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                final int gray = window.gray(value(image, grid, picture, x, y));
                final int rgb = gray << 16 | gray << 8 | gray;
                final int label = labels.isPresent() ? label(labels.get(), grid, picture, x, y) : 0;
                picture.setRGB(x, y, label == 0 ? rgb : blend(rgb, LabelColors.rgb(label)));
            }
        }
        return picture;
    }

    /** The bytes of a PNG file. */
    public static byte[] png(final BufferedImage picture) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(picture, "png", out)) {
                throw new IllegalStateException("this Java runtime cannot write PNG");
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private BufferedImage picture(final SliceGrid slice) {
        final double scale = Math.min(maxWidth / slice.widthMm(), maxHeight / slice.heightMm());
        final int width = (int)Math.max(1, Math.min(maxWidth, Math.rint(slice.widthMm() * scale)));
        final int height = (int)Math.max(1, Math.min(maxHeight, Math.rint(slice.heightMm() * scale)));
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    /** The slice's continuous pixel coordinate under the center of a picture's pixel. */
    private static double under(final int x, final int pictureSize, final int sliceSize) {
        return Math.max(0, Math.min(sliceSize - 1, (x + 0.5) * sliceSize / pictureSize - 0.5));
    }

    private static double value(final Volume image, final SliceGrid slice, final BufferedImage picture, final int x,
        final int y) {
        final double u = under(x, picture.getWidth(), slice.width());
        final double v = under(y, picture.getHeight(), slice.height());
        final int u0 = (int)u;
        final int v0 = (int)v;
        final int u1 = Math.min(u0 + 1, slice.width() - 1);
        final int v1 = Math.min(v0 + 1, slice.height() - 1);
        final float[] voxels = image.voxels();
        final double top = (1 - u + u0) * voxels[slice.voxel(u0, v0)] + (u - u0) * voxels[slice.voxel(u1, v0)];
        final double bottom = (1 - u + u0) * voxels[slice.voxel(u0, v1)] + (u - u0) * voxels[slice.voxel(u1, v1)];
        return (1 - v + v0) * top + (v - v0) * bottom;
    }

    private static int label(final LabelVolume labels, final SliceGrid slice, final BufferedImage picture, final int x,
        final int y) {
        final int u = (int)Math.rint(under(x, picture.getWidth(), slice.width()));
        final int v = (int)Math.rint(under(y, picture.getHeight(), slice.height()));
        return labels.voxels()[slice.voxel(u, v)] & 0xff;
    }

    private int blend(final int below, final int above) {
        int rgb = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            final double mixed = (1 - opacity) * (below >> shift & 0xff) + opacity * (above >> shift & 0xff);
            rgb |= (int)Math.rint(mixed) << shift;
        }
        return rgb;
    }
}
