package org.scanbridge.dicom.seg;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
import org.scanbridge.imaging.labels.OverlapRule;
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
     * @return empty if they have a class of the same name, as two drawings of the same organ have, if one of them does not
     *         name its classes, or if there are more than 255
     */
    public static Optional<LabelSource> of(final LabelSource first, final LabelSource second, final OverlapRule overlap) {
        final Set<String> names = new HashSet<>(first.classes().values());
        final int count = first.classes().size() + second.classes().size();
        names.addAll(second.classes().values());
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
            volumes.add(volume.get());
        }
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
        final byte[] voxels = new byte[stack.geometry().voxelCount()];
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
        problems.accept(new Problem(Kind.SEVERAL_SEGMENTATIONS, Effect.KEPT, path(), info.series(), m_parts.size()
            + " segmentations of the series were joined, since their classes differ: " + String.join(", ",
                classes().entrySet().stream().map(c -> c.getKey() + " " + c.getValue()).toList()) + ".",
            "Give the classes other numbers with the Label Editor, by name, if subjects differ."));
        if (overlapping > 0) {
            problems.accept(new Problem(Kind.SEGMENTATION_OVERLAP, Effect.KEPT, path(), info.series(), "The segmentations"
                + " overlap in " + overlapping + " voxels; " + m_overlap.words() + " was taken.",
                "Change \"Where segments overlap\" if another one is meant."));
        }
        return Optional.of(new LabelVolume(voxels, stack.geometry(), info, new LabelSet(classes())));
    }
}
