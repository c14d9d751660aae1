package org.scanbridge.dicom.series;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.pixel.PixelFormat;
import org.scanbridge.dicom.pixel.ValueMapping;

/**
 * One frame of an image file, known by its header.
 *
 * @param file where the image lies
 * @param path its path relative to the folder read, with {@code /}
 * @param frame index of the frame in the file, from 0
 * @param tile index of the tile, from 0, where the frame is a mosaic of slices; -1 else
 * @param sopClass SOP Class UID of the file
 * @param sopInstance SOP Instance UID of the file
 * @param format pixel format of the file
 * @param mapping from stored to voxel values
 * @param plane where it lies; empty for projection images
 * @param spacing2d row and column spacing in mm for projection images without plane
 * @param thickness extent perpendicular to the plane in mm, used for single slices only
 * @param parts what may tell the volumes of one series apart, such as echo, b-value and temporal position, by name; in the
 *            order in which it is asked; not copied, for thousands of frames may share it
 * @param instanceNumber Instance Number; 0 if unknown
 */
public record Slice(FilePart file, String path, int frame, int tile, String sopClass, String sopInstance, PixelFormat format,
    ValueMapping mapping, Optional<Plane> plane, double[] spacing2d, double thickness,
    Map<String, String> parts, int instanceNumber) {

    /** @throws NullPointerException if a component is null */
    public Slice {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(sopClass, "sopClass");
        Objects.requireNonNull(sopInstance, "sopInstance");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(mapping, "mapping");
        Objects.requireNonNull(plane, "plane");
        Objects.requireNonNull(parts, "parts");
        spacing2d = spacing2d.clone();
    }

    /** Tells this slice from all others that are no copies of it. */
    public String key() {
        return sopInstance + "#" + frame + (tile < 0 ? "" : "." + tile);
    }
}
