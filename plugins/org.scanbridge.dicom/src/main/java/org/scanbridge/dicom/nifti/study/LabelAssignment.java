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
import org.scanbridge.dicom.series.RaterKeys;
import org.scanbridge.dicom.series.Raters;
import org.scanbridge.imaging.volume.Geometry;

/** Gives label files to the images that they belong to by name and whose voxels they have. */
final class LabelAssignment {

    private final Pairing m_pairing;

    private final Map<NiftiFile, Geometry> m_grids;

    private final List<Problem> m_problems;

    private final Map<String, List<String>> m_excused = new TreeMap<>();

    private final Set<NiftiFile> m_used = new LinkedHashSet<>();

    private final Raters m_raters;

    private final RaterNames m_names;

    /**
     * @param grids the grids of all files whose headers can be read
     * @param raters whether an image has several segmentations
     * @param names tells whose folder a file lies in
     * @param problems takes label files that cannot be used
     */
    LabelAssignment(final Pairing pairing, final Map<NiftiFile, Geometry> grids, final Raters raters,
        final RaterNames names, final List<Problem> problems) {
        m_raters = raters;
        m_names = names;
        m_pairing = pairing;
        m_grids = grids;
        m_problems = problems;
    }

    /**
     * The label files of an image by one rater: one map of all classes, or files of one class each.
     *
     * @param files empty if the rater has none
     * @param own the grid of the files if it is not that of the image; else null
     */
    record Assigned(List<NiftiFile> files, Geometry own) {
    }

    /** The label files of each image that has some, rater by rater. */
    Map<NiftiFile, List<Assigned>> of(final List<NiftiFile> images, final List<NiftiFile> labels) {
        final Map<NiftiFile, List<NiftiFile>> byName = new LinkedHashMap<>();
        final Map<NiftiFile, List<NiftiFile>> elsewhere = new LinkedHashMap<>();
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
                    "Name the files after each other, or choose another layout or other patterns" + (m_raters.rule()
                        == Raters.Rule.FOLDER ? ". If it lies in the folder of a rater, name that in \"Folders of raters\"."
                        : ".")));
            } else if (fitting.isEmpty() && !excused(label)) {
                candidates.forEach(i -> elsewhere.computeIfAbsent(i, k -> new ArrayList<>()).add(label));
            }
        }
        elsewhere.forEach((image, files) -> {
            if (byName.putIfAbsent(image, files) != null) {
                files.forEach(f -> otherGrid(f, image));
            }
        });
        final Map<NiftiFile, List<NiftiFile>> first = new LinkedHashMap<>();
        byName.forEach((image, files) -> {
            final int best = files.stream().mapToInt(m_pairing::rank).min().orElseThrow();
            first.put(image, files.stream().filter(f -> m_pairing.rank(f) == best).toList());
        });
        final RaterKeys raters = new RaterKeys(m_raters,
            first.entrySet().stream().flatMap(e -> e.getValue().stream().map(f -> rater(f, e.getKey()))).toList());
        raters.report(m_problems::add);
        final Map<NiftiFile, List<Assigned>> chosen = new LinkedHashMap<>();
        final Map<NiftiFile, NiftiFile> taken = new LinkedHashMap<>();
        byName.forEach((image, files) -> {
            final List<List<NiftiFile>> columns = columns(image, first.get(image), raters);
            final List<Assigned> assigned = columns.stream().map(c -> assigned(image, c, images)).toList();
            if (assigned.stream().anyMatch(c -> !c.files.isEmpty())) {
                chosen.put(image, assigned);
                assigned.forEach(c -> m_used.addAll(c.files));
            }
            files.stream().filter(f -> columns.stream().noneMatch(c -> c.contains(f)))
                .forEach(f -> taken.putIfAbsent(f, image));
        });
        taken.forEach((label, image) -> {
            if (!m_used.contains(label)) {
                passedOver(label, image, first.get(image), chosen, raters);
            }
        });
        m_excused.forEach((reason, paths) -> m_problems.add(NiftiStudyReader.notUsed(reason, paths)));
        return chosen;
    }

    /** What tells the rater of a label file. */
    private String rater(final NiftiFile label, final NiftiFile image) {
        return switch (m_raters.rule()) {
            case FOLDER -> m_names.rater(label);
            case NAME -> {
                final List<String> parts = new ArrayList<>(List.of(label.stem().split("[_.]")));
                parts.removeAll(List.of(image.stem().split("[_.]")));
                // the files of a rater's classes are one rater's
                m_pairing.className(label).ifPresent(c -> parts.removeAll(List.of(c.split("[_.]"))));
                yield String.join("_", parts);
            }
            default -> "";
        };
    }

    /** The files of each rater: one map, or one file of each class. */
    private List<List<NiftiFile>> columns(final NiftiFile image, final List<NiftiFile> files, final RaterKeys raters) {
        final List<List<NiftiFile>> columns = new ArrayList<>();
        for (int c = 0; c < m_raters.columns(); c++) {
            columns.add(new ArrayList<>());
        }
        for (final NiftiFile file : files) {
            for (final int c : raters.columns(rater(file, image))) {
                if (columns.get(c).stream().noneMatch(f -> m_pairing.className(f).equals(m_pairing.className(file)))) {
                    columns.get(c).add(file);
                    break;
                }
            }
        }
        return columns;
    }

    /** The files of a rater, if they can be used. */
    private Assigned assigned(final NiftiFile image, final List<NiftiFile> files, final List<NiftiFile> images) {
        if (files.isEmpty() || files.stream().allMatch(f -> same(f, image))) {
            return new Assigned(files, null);
        }
        final boolean perClass = m_pairing.className(files.get(0)).isPresent();
        if (perClass && files.stream().noneMatch(f -> same(f, image)) && fitsAnother(files.get(0), images)) {
            return new Assigned(List.of(), null);
        }
        final Geometry own = m_grids.get(files.get(0));
        if (own != null && files.stream().allMatch(f -> m_grids.containsKey(f)
            && SameVoxels.reorder(m_grids.get(f), own).isPresent()) && files.stream().noneMatch(this::excused)) {
            m_problems.add(new Problem(Kind.SEGMENTATION_GEOMETRY, Problem.Effect.KEPT, files.get(0).path(), "",
                "The label map does not lie on the voxels of its image " + image.path() + ": "
                    + SameVoxels.difference(own, m_grids.get(image)) + ". It is handed on on its own grid.",
                "Bring it onto the grid of the image with the Volume Resampler: resample segmentations only, and choose the"
                    + " grid of a column, that of the image."));
            return new Assigned(files, own);
        }
        reportClasses(image, files);
        return new Assigned(List.of(), null);
    }

    private boolean fitsAnother(final NiftiFile label, final List<NiftiFile> images) {
        return m_pairing.candidates(label, images).stream().anyMatch(i -> m_grids.containsKey(i) && same(label, i));
    }

    private boolean same(final NiftiFile label, final NiftiFile image) {
        return m_grids.containsKey(label) && SameVoxels.reorder(m_grids.get(label), m_grids.get(image)).isPresent();
    }

    /**
     * Says which file of a class has other voxels or is broken; then none is used, for what is missing would count as
     * background.
     */
    private void reportClasses(final NiftiFile image, final List<NiftiFile> files) {
        for (final NiftiFile file : files) {
            if (m_grids.containsKey(file) && !same(file, image)) {
                if (!excused(file)) {
                    otherGrid(file, image);
                }
            } else if (!m_grids.containsKey(file)) {
                m_problems.add(NiftiStudyReader.skipped(Kind.SEGMENTATION_GEOMETRY, file, "The file of a class of "
                    + image.path() + " cannot be read, so the other " + (files.size() - 1)
                    + " classes are not used either: what is missing would count as background.",
                    "Export the file again, or take it out of the folder."));
            }
        }
    }

    /** Whether a label map lies in another space by its name, as the layout says, and is no loss. */
    private boolean excused(final NiftiFile label) {
        final Optional<String> space = m_pairing.otherSpace(label);
        space.ifPresent(s -> {
            final List<String> paths = m_excused.computeIfAbsent(s, r -> new ArrayList<>());
            if (!paths.contains(label.path())) {
                paths.add(label.path());
            }
        });
        return space.isPresent();
    }

    private void otherGrid(final NiftiFile label, final NiftiFile image) {
        final Geometry grid = m_grids.get(label);
        m_problems.add(NiftiStudyReader.skipped(Kind.SEGMENTATION_GEOMETRY, label, "The label map does not lie on the voxels"
            + " of its image " + image.path() + ": " + SameVoxels.difference(grid, m_grids.get(image)) + ".",
            "Put both onto the same grid with the tool that made them."));
    }

    private void passedOver(final NiftiFile label, final NiftiFile image, final List<NiftiFile> first,
        final Map<NiftiFile, List<Assigned>> chosen, final RaterKeys raters) {
        final Optional<String> rule = m_pairing.ranksAfter(label);
        final Optional<String> name = m_pairing.className(label);
        if (rule.isPresent()) {
            m_excused.computeIfAbsent(rule.get(), r -> new ArrayList<>()).add(label.path());
        } else if (m_raters.rule() != Raters.Rule.ONE && first.contains(label)) {
            m_problems.add(raters.noColumn(label.path(), "",
                raters.columns(rater(label, image)).isEmpty() ? Optional.empty() : Optional.of(first.get(0).path())));
        } else if (name.isPresent() && first.contains(label)) {
            m_problems.add(NiftiStudyReader.skipped(Kind.SEVERAL_SEGMENTATIONS, label, "The class \"" + name.get()
                + "\" of the image " + image.path() + " has another file already: " + first.stream()
                    .filter(f -> m_pairing.className(f).equals(name)).findFirst().orElseThrow().path() + ".",
                "Keep one file per class of an image in the folder, choose by patterns, or choose \"One column per rater\" in"
                    + " \"Several segmentations of an image\"."));
        } else if (chosen.containsKey(image)) {
            m_problems.add(NiftiStudyReader.skipped(Kind.SEVERAL_SEGMENTATIONS, label, "The image " + image.path()
                + " has another label map already: " + first.get(0).path() + ".",
                "Keep one label map per image in the folder, choose one by patterns, or choose \"One column per rater\" in"
                    + " \"Several segmentations of an image\"."));
        }
    }
}
