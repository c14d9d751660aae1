package org.scanbridge.dicom.seg;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.scanbridge.dicom.nifti.NiftiException;
import org.scanbridge.dicom.nifti.NiftiReader;
import org.scanbridge.dicom.nifti.study.LabelMaps;
import org.scanbridge.dicom.nifti.study.SameVoxels;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * A label map in a NIfTI file. It belongs to an image if its voxels are voxels of the image; axes may be turned or
 * flipped, as converters do. On another grid it can be handed on as it is.
 *
 * @param file the file; of a pair the .hdr file
 * @param path its path relative to the folder read, with {@code /}
 * @param geometry its grid
 * @param maps numbers and names of the values of all label maps of the study; empty where they are not known yet
 */
public record NiftiLabels(Path file, String path, Geometry geometry, Optional<LabelMaps> maps) implements LabelSource {

    /** Largest distance of a voxel from its counterpart, in voxels; NIfTI keeps positions in single precision. */
    private static final double OFF_GRID = 0.1;

    /** A label map of more values is rather an image. */
    private static final int MAX_VALUES = 128;

    private static final int MAGIC = 344;

    /** @throws NullPointerException if a component is null */
    public NiftiLabels {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(geometry, "geometry");
        Objects.requireNonNull(maps, "maps");
    }

    /** Whether a file is named like a NIfTI file; an .hdr or .img file only if it has the right magic characters beside. */
    public static boolean isNifti(final Path file) throws IOException {
        final String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".nii") || name.endsWith(".nii.gz")) {
            return true;
        }
        if (name.endsWith(".hdr")) {
            return hasMagic(file);
        }
        final Path header = file.resolveSibling(file.getFileName().toString().replaceFirst("(?i)\\.img$", ".hdr"));
        return name.endsWith(".img") && Files.isRegularFile(header) && hasMagic(header);
    }

    private static boolean hasMagic(final Path header) throws IOException {
        try (var in = Files.newInputStream(header)) {
            final byte[] bytes = in.readNBytes(MAGIC + 3);
            return bytes.length == MAGIC + 3 && bytes[MAGIC] == 'n' && bytes[MAGIC + 1] == 'i'
                || bytes.length > 6 && bytes[4] == 'n' && bytes[5] == 'i' && bytes[6] == '2';
        }
    }

    /** Whether a NIfTI file holds the voxels of a header beside it. */
    public static boolean isVoxels(final String path) {
        return path.toLowerCase(Locale.ROOT).endsWith(".img");
    }

    /** @throws NiftiException if it is no NIfTI file, broken or of a kind that is not read */
    public static NiftiLabels of(final Path file, final String path) throws IOException {
        return new NiftiLabels(file, path, NiftiReader.readGeometry(file), Optional.empty());
    }

    /** The same label map with numbers and names of values. */
    public NiftiLabels with(final LabelMaps values) {
        return new NiftiLabels(file, path, geometry, Optional.of(values));
    }

    @Override
    public SortedMap<Integer, String> classes() {
        // A value without a name would get lost among others.
        return maps.filter(m -> m.namesAll(file, path)).map(m -> m.names(file, path).names()).orElseGet(TreeMap::new);
    }

    @Override
    public Set<String> sources() {
        return Set.of();
    }

    @Override
    public Set<String> seriesUids() {
        return Set.of();
    }

    /** Where voxels of the file lie in the image: at {@code start + i * step[0] + j * step[1] + k * step[2]}. */
    private record Placement(int[] start, int[][] step) {
    }

    @Override
    public boolean fits(final String frameOfReference, final Stack stack) {
        return placement(stack.geometry()).isPresent();
    }

    /** Whether the middle of the file lies in the field of view of an image, or that of the image in that of the file. */
    public boolean overlaps(final Geometry image) {
        return GridOffset.holdsMiddle(image, geometry) || GridOffset.holdsMiddle(geometry, image);
    }

    private Optional<Placement> placement(final Geometry image) {
        final double[] start = image.index(geometry.position(0, 0, 0));
        final int[] first = new int[3];
        final int[][] steps = new int[3][3];
        for (int axis = 0; axis < 3; axis++) {
            final double[] next = image.index(geometry.position(axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0));
            final int far = geometry.size(axis) - 1;
            final double[] end =
                image.index(geometry.position(axis == 0 ? far : 0, axis == 1 ? far : 0, axis == 2 ? far : 0));
            int length = 0;
            for (int c = 0; c < 3; c++) {
                first[c] = (int)Math.rint(start[c]);
                steps[axis][c] = far == 0 ? 0 : (int)Math.rint(next[c] - start[c]);
                length += Math.abs(steps[axis][c]);
                final double at = first[c] + (double)far * steps[axis][c];
                if (!(Math.abs(start[c] - first[c]) <= OFF_GRID && Math.abs(end[c] - at) <= OFF_GRID && at >= 0
                    && at < image.size(c) && first[c] >= 0 && first[c] < image.size(c))) {
                    return Optional.empty();
                }
            }
            if (length != (far == 0 ? 0 : 1)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Placement(first, steps));
    }

    @Override
    public Optional<LabelVolume> read(final Stack stack, final VolumeInfo info, final Consumer<Problem> problems)
        throws IOException {
        final LabelVolume own;
        try {
            own = maps.isEmpty() ? NiftiReader.readLabels(file, info, LabelSet.of())
                : NiftiReader.readLabels(file, info, maps.get().names(file, path), maps.get()::number);
        } catch (final NiftiException e) {
            problems.accept(skipped(info, "It is no label map: " + e.getMessage()));
            return Optional.empty();
        }
        final boolean[] present = new boolean[256];
        int values = 0;
        for (final byte v : own.voxels()) {
            if (!present[v & 0xff]) {
                present[v & 0xff] = true;
                values++;
            }
        }
        if (values > MAX_VALUES && classes().isEmpty()) {
            problems.accept(skipped(info, "It has " + values + " different values, so it is rather an image than a label"
                + " map."));
            return Optional.empty();
        }
        NiftiReader.readGrid(file).remarks().forEach(r -> problems.accept(new Problem(Kind.NIFTI, Effect.KEPT, path,
            info.series(), r.message(), r.remedy())));
        final Geometry image = stack.geometry();
        final Optional<Placement> placement = placement(image);
        if (placement.isEmpty()) {
            problems.accept(new Problem(Kind.SEGMENTATION_GEOMETRY, Effect.KEPT, path, info.series(),
                "The label map does not lie on the voxels of the image: " + SameVoxels.difference(geometry, image)
                    + ". It is handed on on its own grid.", SegmentationReader.OTHER_GRID));
            return Optional.of(own);
        }
        final Placement to = placement.get();
        final byte[] voxels = new byte[image.voxelCount()];
        final int[] stride = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            stride[axis] = offset(to.step[axis], image);
        }
        final int start = offset(to.start, image);
        int v = 0;
        for (int k = 0; k < geometry.size(2); k++) {
            for (int j = 0; j < geometry.size(1); j++) {
                for (int i = 0; i < geometry.size(0); i++) {
                    voxels[start + i * stride[0] + j * stride[1] + k * stride[2]] = own.voxels()[v++];
                }
            }
        }
        return Optional.of(new LabelVolume(voxels, image, info, own.labels()));
    }

    private static int offset(final int[] index, final Geometry g) {
        return (index[2] * g.size(1) + index[1]) * g.size(0) + index[0];
    }

    private Problem skipped(final VolumeInfo info, final String message) {
        return new Problem(Kind.NIFTI, Effect.SEGMENTATION_SKIPPED, path, info.series(), message,
            "Remove it from the folder if it is no label map.");
    }
}
