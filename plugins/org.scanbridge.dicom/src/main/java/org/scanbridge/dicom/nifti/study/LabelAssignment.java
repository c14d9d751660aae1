package org.scanbridge.dicom.nifti.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.imaging.volume.Geometry;

/** Gives label files to the images that they belong to by name and whose voxels they have. */
final class LabelAssignment {

    private final Pairing m_pairing;

    private final Map<NiftiFile, Geometry> m_grids;

    private final List<Problem> m_problems;

    private final Map<String, List<String>> m_excused = new TreeMap<>();

    private final Set<NiftiFile> m_used = new LinkedHashSet<>();

    /**
     * @param grids the grids of all files whose headers can be read
     * @param problems takes label files that cannot be used
     */
    LabelAssignment(final Pairing pairing, final Map<NiftiFile, Geometry> grids, final List<Problem> problems) {
        m_pairing = pairing;
        m_grids = grids;
        m_problems = problems;
    }

    /** The label files of each image that has some: one map of all classes, or files of one class each. */
    Map<NiftiFile, List<NiftiFile>> of(final List<NiftiFile> images, final List<NiftiFile> labels) {
        final Map<NiftiFile, List<NiftiFile>> byName = new LinkedHashMap<>();
        final List<NiftiFile> passedOver = new ArrayList<>();
        final Map<NiftiFile, NiftiFile> taken = new LinkedHashMap<>();
        for (final NiftiFile label : labels) {
            // The file of a class whose header is broken makes the labels of its image incomplete.
            final boolean isClass = m_pairing.className(label).isPresent();
            if (!m_grids.containsKey(label) && !isClass) {
                continue;
            }
            final List<NiftiFile> candidates =
                m_pairing.candidates(label, images).stream().filter(m_grids::containsKey).toList();
            final List<NiftiFile> fitting =
                candidates.stream().filter(i -> isClass || same(label, i)).toList();
            fitting.forEach(i -> byName.computeIfAbsent(i, k -> new ArrayList<>()).add(label));
            if (candidates.isEmpty()) {
                m_problems.add(NiftiStudyReader.skipped(Kind.SEGMENTATION_WITHOUT_IMAGE, label,
                    "By its name the label map belongs to no image that is read.",
                    "Name the files after each other, or choose another layout or other patterns."));
            } else if (fitting.isEmpty()) {
                otherGrid(label, candidates.get(0));
            }
        }
        final Map<NiftiFile, List<NiftiFile>> chosen = new LinkedHashMap<>();
        byName.forEach((image, files) -> {
            final int best = files.stream().mapToInt(m_pairing::rank).min().orElseThrow();
            final List<NiftiFile> first = files.stream().filter(f -> m_pairing.rank(f) == best).toList();
            final boolean perClass = m_pairing.className(first.get(0)).isPresent();
            final List<NiftiFile> use = !perClass ? first.subList(0, 1)
                : first.stream().noneMatch(f -> same(f, image)) && fitsAnother(first.get(0), images) ? List.<NiftiFile> of()
                    : completeClasses(image, first);
            if (!use.isEmpty()) {
                chosen.put(image, use);
                m_used.addAll(use);
            }
            files.stream().filter(f -> !first.contains(f) || !perClass && f != first.get(0)).forEach(f -> {
                passedOver.add(f);
                taken.putIfAbsent(f, image);
            });
        });
        for (final NiftiFile label : new LinkedHashSet<>(passedOver)) {
            if (!m_used.contains(label)) {
                passedOver(label, taken.get(label), chosen);
            }
        }
        m_excused.forEach((reason, paths) -> m_problems.add(NiftiStudyReader.notUsed(reason, paths)));
        return chosen;
    }

    private boolean fitsAnother(final NiftiFile label, final List<NiftiFile> images) {
        return m_pairing.candidates(label, images).stream().anyMatch(i -> m_grids.containsKey(i) && same(label, i));
    }

    private boolean same(final NiftiFile label, final NiftiFile image) {
        return m_grids.containsKey(label) && SameVoxels.reorder(m_grids.get(label), m_grids.get(image)).isPresent();
    }

    /**
     * The files of all classes of an image; none if one of them has other voxels or is broken, for what is missing would
     * count as background.
     */
    private List<NiftiFile> completeClasses(final NiftiFile image, final List<NiftiFile> files) {
        final List<NiftiFile> fitting = files.stream().filter(f -> same(f, image)).toList();
        final Map<String, NiftiFile> names = new TreeMap<>();
        boolean complete = !fitting.isEmpty();
        for (final NiftiFile file : files) {
            final NiftiFile other = names.putIfAbsent(m_pairing.className(file).orElseThrow(), file);
            if (other != null) {
                m_problems.add(NiftiStudyReader.skipped(Kind.SEVERAL_SEGMENTATIONS, file, "The class \""
                    + m_pairing.className(file).orElseThrow() + "\" of the image " + image.path() + " has another file already: "
                    + other.path() + ".", "Keep one file per class of an image in the folder, or choose by patterns."));
            }
            if (!fitting.contains(file)) {
                complete = false;
                if (m_grids.containsKey(file)) {
                    otherGrid(file, image);
                } else {
                    m_problems.add(NiftiStudyReader.skipped(Kind.SEGMENTATION_GEOMETRY, file, "The file of a class of "
                        + image.path() + " cannot be read, so the other " + (files.size() - 1)
                        + " classes are not used either: what is missing would count as background.",
                        "Export the file again, or take it out of the folder."));
                }
            }
        }
        return complete ? List.copyOf(names.values()) : List.of();
    }

    private void otherGrid(final NiftiFile label, final NiftiFile image) {
        final Optional<String> space = m_pairing.otherSpace(label);
        if (space.isPresent()) {
            m_excused.computeIfAbsent(space.get(), r -> new ArrayList<>()).add(label.path());
            return;
        }
        final Geometry grid = m_grids.get(label);
        m_problems.add(NiftiStudyReader.skipped(Kind.SEGMENTATION_GEOMETRY, label, "The label map does not lie on the voxels"
            + " of its image " + image.path() + ": " + SameVoxels.difference(grid, m_grids.get(image)) + ".",
            "Put both onto the same grid with the tool that made them."));
    }

    private void passedOver(final NiftiFile label, final NiftiFile image, final Map<NiftiFile, List<NiftiFile>> chosen) {
        final Optional<String> rule = m_pairing.ranksAfter(label);
        if (rule.isPresent()) {
            m_excused.computeIfAbsent(rule.get(), r -> new ArrayList<>()).add(label.path());
        } else if (chosen.containsKey(image)) {
            m_problems.add(NiftiStudyReader.skipped(Kind.SEVERAL_SEGMENTATIONS, label, "The image " + image.path()
                + " has another label map already: " + chosen.get(image).get(0).path() + ".",
                "Keep one label map per image in the folder, or choose one by patterns."));
        }
    }
}
