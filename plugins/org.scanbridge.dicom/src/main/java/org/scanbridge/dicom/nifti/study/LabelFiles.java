package org.scanbridge.dicom.nifti.study;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.scanbridge.dicom.nifti.LabelValues;
import org.scanbridge.dicom.nifti.NiftiException;
import org.scanbridge.dicom.nifti.NiftiReader;
import org.scanbridge.dicom.seg.Overlaps;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.labels.CombinationNumbers;
import org.scanbridge.imaging.labels.CombinedLabels;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * The files that hold the labels of an image: one map of all classes, or a file for each class.
 *
 * @param map the map of all classes; null if there is a file for each
 * @param classes the file of each class, by its label value; empty if there is one map
 * @param numbers the numbers of the values of the map
 * @param names names of the label values
 * @param overlap which class has a voxel that several files claim
 * @param own the grid of the files, if it is not that of the image; else null
 * @param combinations numbers of combinations of classes in the study
 */
record LabelFiles(NiftiFile map, SortedMap<Integer, NiftiFile> classes, LabelNumbers numbers, LabelSet names,
    OverlapRule overlap, Geometry own, CombinationNumbers combinations) {

    /** Names that a message spells out. */
    private static final int SHOWN = 3;

    /** One map. */
    static LabelFiles of(final NiftiFile map, final LabelNumbers numbers, final LabelSet names, final Geometry own) {
        return new LabelFiles(map, new TreeMap<>(), numbers, names, OverlapRule.SMALLER, own, new CombinationNumbers());
    }

    /** A file for each class. */
    static LabelFiles of(final SortedMap<Integer, NiftiFile> classes, final LabelSet names, final OverlapRule overlap,
        final Geometry own, final CombinationNumbers combinations) {
        return new LabelFiles(null, classes, LabelNumbers.SAME, names, overlap, own, combinations);
    }

    /** What names the labels in messages: the map, or the folder of the files. */
    String path() {
        return map != null ? map.path() : classes.get(classes.firstKey()).path();
    }

    List<NiftiFile> files() {
        return map != null ? List.of(map) : List.copyOf(classes.values());
    }

    /**
     * Reads the labels.
     *
     * @param problems takes what had to be changed
     * @throws IOException if a file is broken, cannot be read or holds values that are no labels
     */
    LabelVolume read(final VolumeInfo info, final Geometry image, final Consumer<Problem> problems) throws IOException {
        final Geometry grid = own == null ? image : own;
        if (map != null) {
            try {
                return onGrid(NiftiReader.readLabels(map.file(), info, names, numbers::of), grid);
            } catch (final NiftiException e) {
                throw tooMany(e);
            }
        }
        return overlap == OverlapRule.KEEP_ALL ? numbered(combine(info, grid, problems))
            : join(info, grid, problems);
    }

    /** Whether voxels of several classes become classes of their own, whose numbers the whole study must know. */
    boolean combines() {
        return map == null && overlap == OverlapRule.KEEP_ALL;
    }

    /** Adds the combinations to those of the study. */
    void addCombinations(final VolumeInfo info, final Geometry image) throws IOException {
        combinations.add(combine(info, own == null ? image : own, p -> {
            // told when it is read
        }));
    }

    private LabelVolume numbered(final LabelVolume labels) {
        return combinations.defect().isPresent() ? labels : combinations.apply(labels);
    }

    private LabelVolume combine(final VolumeInfo info, final Geometry image, final Consumer<Problem> problems)
        throws IOException {
        final CombinedLabels combined = new CombinedLabels(image.voxelCount());
        try {
            for (final Map.Entry<Integer, NiftiFile> c : classes.entrySet()) {
                checkValues(c.getKey(), info, problems);
                final byte[] mask = mask(c.getValue(), info, image);
                for (int v = 0; v < mask.length; v++) {
                    if (mask[v] != 0) {
                        combined.add(v, c.getKey());
                    }
                }
            }
            final CombinedLabels.Result result = combined.finish(names.names(), classes.keySet());
            Overlaps.report(result, "Classes", Overlaps.CLASSES, path(), info, problems);
            return new LabelVolume(result.voxels(), image, info, result.labels());
        } catch (final ImagingException e) {
            throw new NiftiException(e.getMessage() + " " + Overlaps.tooMany(Overlaps.CLASSES), e);
        }
    }

    private static byte[] mask(final NiftiFile file, final VolumeInfo info, final Geometry image) throws IOException {
        return named(file, () -> onGrid(NiftiReader.readLabels(file.file(), info, LabelSet.of(), v -> v == 0 ? 0 : 1), image))
            .voxels();
    }

    /** Number of voxels of a class; says if its file holds more than one value. */
    private long checkValues(final int label, final VolumeInfo info, final Consumer<Problem> problems) throws IOException {
        final NiftiFile file = classes.get(label);
        final LabelValues values = named(file, () -> NiftiReader.readLabelValues(file.file()));
        if (values.counts().keySet().stream().filter(v -> v != 0).count() > 1) {
            problems.accept(new Problem(Kind.LABEL_OUT_OF_RANGE, Effect.KEPT, file.path(), info.series(),
                "The file of one class (\"" + names.name(label) + "\") holds the values " + values.counts().keySet()
                    + "; all but 0 were taken for the class.",
                "Choose the label maps by patterns if it is a map of several classes."));
        }
        return values.counts().values().stream().mapToLong(n -> n).sum() - values.counts().getOrDefault(0, 0L);
    }

    /** Values above 255 are left only where there are too many to number. */
    private NiftiException tooMany(final NiftiException e) throws IOException {
        final LabelValues values;
        try {
            values = NiftiReader.readLabelValues(map.file());
        } catch (final NiftiException other) {
            return other;
        }
        return values.max() <= LabelValues.MAX_LABEL || numbers.changes() ? e
            : new NiftiException("The largest label is " + values.max() + ", and the label maps of the study have more than"
                + " 255 different values, so they cannot be numbered anew.", e);
    }

    private static LabelVolume onGrid(final LabelVolume labels, final Geometry image) throws NiftiException {
        return SameVoxels.reorder(labels.geometry(), image)
            .orElseThrow(() -> new NiftiException("The label map has changed since its header was read.")).apply(labels);
    }

    private LabelVolume join(final VolumeInfo info, final Geometry image, final Consumer<Problem> problems)
        throws IOException {
        final Map<Integer, Long> sizes = new TreeMap<>();
        for (final int label : classes.keySet()) {
            sizes.put(label, checkValues(label, info, problems));
        }
        final byte[] voxels = new byte[image.voxelCount()];
        final SortedMap<String, Integer> overlaps = new TreeMap<>();
        for (final int label : overlap.paintingOrder(sizes)) {
            final byte[] mask = mask(classes.get(label), info, image);
            for (int v = 0; v < voxels.length; v++) {
                if (mask[v] != 0) {
                    final int before = voxels[v] & 0xff;
                    if (before != 0) {
                        overlaps.merge("\"" + names.name(before) + "\" and \"" + names.name(label) + "\"", 1, Integer::sum);
                    }
                    voxels[v] = (byte)label;
                }
            }
        }
        if (!overlaps.isEmpty()) {
            problems.accept(new Problem(Kind.SEGMENTATION_OVERLAP, Effect.KEPT, path(), info.series(), "Classes overlap: "
                + String.join(", ", overlaps.entrySet().stream().limit(SHOWN)
                    .map(e -> e.getKey() + " in " + e.getValue() + " voxels").toList())
                + (overlaps.size() > SHOWN ? " and " + (overlaps.size() - SHOWN) + " other pairs" : "") + "; "
                + overlap.words() + " was taken.", Overlaps.change(Overlaps.CLASSES)));
        }
        return new LabelVolume(voxels, image, info, names);
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    /** Of several files, the message says which is meant. */
    private static <T> T named(final NiftiFile file, final Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (final NiftiException e) {
            throw new NiftiException(file.path() + ": " + e.getMessage(), e);
        }
    }
}
