package org.scanbridge.dicom.seg;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.labels.Combination;
import org.scanbridge.imaging.labels.CombinedLabels;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * Several segmentations of one series that show different classes, such as one object per organ, as one label map. A class
 * keeps its number unless one of an earlier file has it; then it gets the lowest number that no class of any file has.
 */
public final class JoinedLabels implements LabelSource {

    private static final int MAX_LABEL = 255;

    private final List<LabelSource> m_parts;

    private final OverlapRule m_overlap;

    private JoinedLabels(final List<LabelSource> parts, final OverlapRule overlap) {
        m_parts = List.copyOf(parts);
        m_overlap = overlap;
    }

    /**
     * Joins two sources of labels.
     *
     * @param overlap which class has a voxel that several claim
     * @return empty if they have a class of the same name, whatever the case, as two drawings of the same organ have, if one of them does not
     *         name its classes, or if there are more than 255
     */
    public static Optional<LabelSource> of(final LabelSource first, final LabelSource second, final OverlapRule overlap) {
        final Set<String> names = new HashSet<>();
        final int count = first.classes().size() + second.classes().size();
        List.of(first, second).forEach(
            s -> s.classes().values().forEach(name -> names.add(name.strip().toLowerCase(Locale.ROOT))));
        if (first.classes().isEmpty() || second.classes().isEmpty() || names.size() < count || count > MAX_LABEL) {
            return Optional.empty();
        }
        final List<LabelSource> parts = new ArrayList<>(first instanceof JoinedLabels j ? j.m_parts : List.of(first));
        parts.add(second);
        return Optional.of(new JoinedLabels(parts, overlap));
    }

    /** The new number of each class, file by file. */
    private List<SortedMap<Integer, Integer>> numbers() {
        final Set<Integer> all = new HashSet<>();
        m_parts.forEach(p -> all.addAll(p.classes().keySet()));
        final Set<Integer> taken = new HashSet<>();
        final List<SortedMap<Integer, Integer>> numbers = new ArrayList<>();
        for (final LabelSource part : m_parts) {
            final SortedMap<Integer, Integer> ofPart = new TreeMap<>();
            for (final int label : part.classes().keySet()) {
                int number = label;
                if (!taken.add(number)) {
                    for (number = 1; all.contains(number) || taken.contains(number); number++) {
                        // the lowest that is free
                    }
                    taken.add(number);
                }
                ofPart.put(label, number);
            }
            numbers.add(ofPart);
        }
        return numbers;
    }

    @Override
    public SortedMap<Integer, String> classes() {
        final SortedMap<Integer, String> classes = new TreeMap<>();
        final List<SortedMap<Integer, Integer>> numbers = numbers();
        for (int p = 0; p < m_parts.size(); p++) {
            for (final Map.Entry<Integer, String> c : m_parts.get(p).classes().entrySet()) {
                classes.put(numbers.get(p).get(c.getKey()), c.getValue());
            }
        }
        return classes;
    }

    @Override
    public String path() {
        return m_parts.get(0).path();
    }

    @Override
    public Set<String> sources() {
        final Set<String> sources = new HashSet<>();
        m_parts.forEach(p -> sources.addAll(p.sources()));
        return sources;
    }

    @Override
    public Set<String> seriesUids() {
        final Set<String> uids = new HashSet<>();
        m_parts.forEach(p -> uids.addAll(p.seriesUids()));
        return uids;
    }

    @Override
    public boolean fits(final String frameOfReference, final Stack stack) {
        return m_parts.stream().allMatch(p -> p.fits(frameOfReference, stack));
    }

    @Override
    public Optional<LabelVolume> read(final Stack stack, final VolumeInfo info, final Consumer<Problem> problems)
        throws IOException {
        final List<LabelVolume> volumes = new ArrayList<>();
        for (final LabelSource part : m_parts) {
            final Optional<LabelVolume> volume = part.read(stack, info, problems);
            if (volume.isEmpty()) {
                // What one of them shows would count as background.
                return Optional.empty();
            }
            if (!volumes.isEmpty() && !volume.get().geometry().sameGrid(volumes.get(0).geometry())) {
                problems.accept(new Problem(Kind.SEGMENTATION_GEOMETRY, Effect.SEGMENTATION_SKIPPED, part.path(),
                    info.series(), "Segmentations of the series that are to be joined lie on different grids: this one on "
                        + volume.get().geometry() + ", " + path() + " on "
                        + volumes.get(0).geometry().beside(volume.get().geometry()) + ".",
                    "Bring them to one grid with the tool that made them, or choose \"One column per rater\" in \"Several"
                        + " segmentations of an image\"."));
                return Optional.empty();
            }
            volumes.add(volume.get());
        }
        final Geometry grid = volumes.get(0).geometry();
        final List<SortedMap<Integer, Integer>> numbers = numbers();
        final SortedMap<Integer, Long> sizes = new TreeMap<>();
        final SortedMap<Integer, int[]> origin = new TreeMap<>();
        for (int p = 0; p < volumes.size(); p++) {
            final long[] counts = new long[MAX_LABEL + 1];
            for (final byte v : volumes.get(p).voxels()) {
                counts[v & 0xff]++;
            }
            for (final Map.Entry<Integer, Integer> number : numbers.get(p).entrySet()) {
                sizes.put(number.getValue(), counts[number.getKey()]);
                origin.put(number.getValue(), new int[]{p, number.getKey()});
            }
        }
        problems.accept(new Problem(Kind.SEVERAL_SEGMENTATIONS, Effect.KEPT, path(), info.series(), m_parts.size()
            + " segmentations of the series were joined, since their classes differ: " + String.join(", ",
                classes().entrySet().stream().map(c -> c.getKey() + " " + c.getValue()).toList()) + ".",
            "Give the classes other numbers with the Label Editor, by name, if subjects differ."));
        if (m_overlap == OverlapRule.KEEP_ALL) {
            return combine(volumes, numbers, info, problems);
        }
        final byte[] voxels = new byte[grid.voxelCount()];
        int overlapping = 0;
        for (final int label : m_overlap.paintingOrder(sizes)) {
            final byte[] from = volumes.get(origin.get(label)[0]).voxels();
            final byte value = (byte)origin.get(label)[1];
            for (int v = 0; v < voxels.length; v++) {
                if (from[v] == value) {
                    overlapping += voxels[v] == 0 ? 0 : 1;
                    voxels[v] = (byte)label;
                }
            }
        }
        if (overlapping > 0) {
            problems.accept(new Problem(Kind.SEGMENTATION_OVERLAP, Effect.KEPT, path(), info.series(), "The segmentations"
                + " overlap in " + overlapping + " voxels; " + m_overlap.words() + " was taken.",
                Overlaps.change(Overlaps.SEGMENTS)));
        }
        return Optional.of(new LabelVolume(voxels, grid, info, new LabelSet(classes())));
    }

    /** Each combination of classes, within a file or across files, becomes a class of its own. */
    private Optional<LabelVolume> combine(final List<LabelVolume> volumes, final List<SortedMap<Integer, Integer>> numbers,
        final VolumeInfo info, final Consumer<Problem> problems) {
        final Geometry grid = volumes.get(0).geometry();
        final CombinedLabels.Result result;
        try {
            final CombinedLabels combined = new CombinedLabels(grid.voxelCount());
            for (int p = 0; p < volumes.size(); p++) {
                final int[][] members = new int[MAX_LABEL + 1][];
                for (final int value : volumes.get(p).values()) {
                    final SortedMap<Integer, Integer> ofPart = numbers.get(p);
                    members[value] = Combination.members(value, volumes.get(p).labels()).stream().mapToInt(ofPart::get).toArray();
                }
                final byte[] from = volumes.get(p).voxels();
                for (int v = 0; v < from.length; v++) {
                    if (from[v] != 0) {
                        for (final int label : members[from[v] & 0xff]) {
                            combined.add(v, label);
                        }
                    }
                }
            }
            result = combined.finish(classes(), Set.of());
        } catch (final ImagingException e) {
            problems.accept(new Problem(Kind.LABEL_OUT_OF_RANGE, Effect.SEGMENTATION_SKIPPED, path(), info.series(),
                e.getMessage(), Overlaps.tooMany(Overlaps.SEGMENTS)));
            return Optional.empty();
        }
        Overlaps.report(result, "Segmentations", Overlaps.SEGMENTS, path(), info, problems);
        return Optional.of(new LabelVolume(result.voxels(), grid, info, result.labels()));
    }
}
