package org.scanbridge.dicom.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.scanbridge.dicom.pixel.DicomDecoder;
import org.scanbridge.dicom.pixel.PixelFormat;
import org.scanbridge.dicom.pixel.PixelReader;
import org.scanbridge.dicom.seg.StructureChoice;
import org.scanbridge.dicom.series.HeaderAttribute;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.Pseudonyms;
import org.scanbridge.dicom.series.SeriesHeader;
import org.scanbridge.dicom.series.SeriesVolumes;
import org.scanbridge.dicom.series.SiteRule;
import org.scanbridge.dicom.series.Slice;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.dicom.series.StackBuilder;
import org.scanbridge.imaging.volume.VolumeInfo;

/** Groups image files by series and builds a volume's stack from each, or from each part of it. */
final class SeriesAssembler {

    /** Modalities whose images are slices: without positions they cannot be stacked. */
    private static final Set<String> CROSS_SECTIONAL = Set.of("CT", "MR", "PT", "NM");

    private final DicomStudyOptions m_options;

    private final Pseudonyms m_pseudonyms;

    private final Consumer<Problem> m_problems;

    private final PixelReader m_pixels;

    private final Pattern m_description;

    private final boolean m_medium;

    /** First folders that are called like the patient of all images in them. */
    private final Set<String> m_patients = new TreeSet<>();

    /** @param medium whether the files are those of a DICOMDIR, whose first folders name no sites */
    SeriesAssembler(final DicomStudyOptions options, final boolean medium, final DicomDecoder decoder,
        final Consumer<Problem> problems) {
        m_medium = medium;
        m_pixels = new PixelReader(decoder);
        m_options = Objects.requireNonNull(options, "options");
        m_pseudonyms = new Pseudonyms(options.pseudonymKey());
        m_problems = Objects.requireNonNull(problems, "problems");
        m_description =
            StructureChoice.wildcards(options.descriptionPattern().isEmpty() ? "*" : options.descriptionPattern());
    }

    /**
     * A volume to be.
     *
     * @param header of the first file of its series
     * @param attributes those asked for, of its own first file
     * @param info pseudonymous; the series id of one of several volumes ends with its number
     * @param part what tells it from other volumes of its series; empty if it is the only one
     * @param stack its slices
     */
    record Assembled(SeriesHeader header, Map<HeaderAttribute, String> attributes, VolumeInfo info, String part, Stack stack) {
    }

    /** The pseudonymous id of the series that a file belongs to. */
    String series(final SeriesHeader header, final String path) {
        return m_pseudonyms.series(key(header, path));
    }

    /** A file without Series Instance UID belongs to its folder. */
    private static String key(final SeriesHeader header, final String path) {
        return header.seriesUid().isEmpty() ? "folder " + path.substring(0, path.lastIndexOf('/') + 1)
            : header.seriesUid();
    }

    /** Builds the stacks of all image files, in the order of their series' keys. */
    List<Assembled> assemble(final List<IndexedFile> files) {
        final Map<String, List<IndexedFile>> bySeries = new TreeMap<>();
        for (final IndexedFile file : files) {
            if (!file.slices().isEmpty()) {
                bySeries.computeIfAbsent(key(file.header().orElseThrow(), file.path()), k -> new ArrayList<>())
                    .add(file);
            }
        }
        if (m_options.siteRule() == SiteRule.FOLDER && m_options.siteFolder().isFirst() && !m_medium) {
            findPatients(files);
        }
        final List<Assembled> assembled = new ArrayList<>();
        bySeries.forEach((key, members) -> assemble(key, members, assembled));
        return assembled;
    }

    private void findPatients(final List<IndexedFile> files) {
        final Map<String, Boolean> patients = new TreeMap<>();
        for (final IndexedFile file : files) {
            final String folder = m_options.siteFolder().of(file.path()).orElse("");
            if (!folder.isEmpty() && file.header().isPresent()) {
                patients.merge(folder, file.header().get().folder().is(folder), Boolean::logicalAnd);
            }
        }
        patients.forEach((folder, is) -> {
            if (is) {
                m_patients.add(folder);
            }
        });
        if (!m_patients.isEmpty()) {
            // Their names are the patients' and stay unsaid.
            m_problems.accept(new Problem(Kind.NO_SITE, Effect.KEPT, "", "", (m_patients.size() == 1 ? "1 folder is"
                : m_patients.size() + " folders are") + " called like the patient of the images there, and taken for no site.",
                "If the images are of several sites, put the folders of each into a folder of its own, or choose another"
                    + " \"Site\"."));
        }
    }

    private void assemble(final String key, final List<IndexedFile> members, final List<Assembled> assembled) {
        final IndexedFile first = members.get(0);
        final SeriesHeader header = first.header().orElseThrow();
        final String series = m_pseudonyms.series(key);
        if (!m_options.modalities().isEmpty() && !m_options.modalities().contains(header.modality())) {
            filtered(series, "Its modality is \"" + header.modality() + "\".", "Modalities");
            return;
        }
        if (!m_description.matcher(header.description()).matches()) {
            // The description is free text and stays unsaid.
            filtered(series, "Its description does not match \"" + m_options.descriptionPattern() + "\".", "Series description");
            return;
        }
        if (m_options.siteRule() == SiteRule.FOLDER && site(first.path()).isEmpty()) {
            m_problems.accept(m_options.siteFolder().above(first.path(), series));
            return;
        }
        final List<Slice> placed = new ArrayList<>();
        final List<Slice> unplaced = new ArrayList<>();
        for (final IndexedFile file : members) {
            for (final Slice slice : file.slices()) {
                (slice.plane().isPresent() ? placed : unplaced).add(slice);
            }
        }
        final List<Assembled> found = new ArrayList<>();
        final SeriesVolumes volumes = new SeriesVolumes(series, m_pixels, m_problems);
        projections(key, volumes, members, unplaced, placed.isEmpty(), found);
        final SortedMap<String, List<Slice>> parts = new TreeMap<>(new VolumeOrder());
        if (!placed.isEmpty()) {
            parts.putAll(volumes.divide(placed));
        }
        int volume = 0;
        for (final Map.Entry<String, List<Slice>> part : parts.entrySet()) {
            volume++;
            final String id = parts.size() == 1 ? series : numbered(series, volume, parts.size());
            new StackBuilder(id, m_options.images(), m_problems).build(part.getValue())
                .ifPresent(stack -> found.add(new Assembled(header, attributes(members, stack),
                    info(header, stack, id, first.path()), part.getKey(), stack)));
        }
        if (!parts.isEmpty() && found.size() == parts.size() && found.stream().allMatch(SeriesAssembler::isWithoutGaps)) {
            new Completeness(series, m_problems).check(members, parts.size(), placed);
        }
        for (final Assembled a : found) {
            if (a.stack().slices().size() < m_options.minimumSlices()) {
                filtered(a.info().series(), "It has " + a.stack().slices().size() + " slices, fewer than the minimum of "
                    + m_options.minimumSlices() + ".", "Minimum number of slices");
            } else {
                assembled.add(a);
                reportColor(a);
            }
        }
    }

    /** The id of a volume of a series, with zeros in front so that the order stays. */
    private static String numbered(final String series, final int volume, final int count) {
        return series + String.format(Locale.ROOT, "_v%0" + Integer.toString(count).length() + "d", volume);
    }

    /** The attributes of the first file of a volume. */
    private static Map<HeaderAttribute, String> attributes(final List<IndexedFile> members, final Stack stack) {
        final Set<Slice> slices = Collections.newSetFromMap(new IdentityHashMap<>());
        slices.addAll(stack.slices());
        return members.stream().filter(f -> f.slices().stream().anyMatch(slices::contains)).findFirst()
            .orElse(members.get(0)).header().orElseThrow().attributes();
    }

    private static boolean isWithoutGaps(final Assembled a) {
        return a.stack().slices().size() == a.stack().geometry().size(2);
    }

    private void reportColor(final Assembled a) {
        final PixelFormat format = a.stack().slices().get(0).format();
        if (format.samples() > 1 || format.photometric().equals("PALETTE COLOR")) {
            m_problems.accept(new Problem(Kind.COLOR_IMAGE, Effect.KEPT, "", a.info().series(),
                "The images are in color (" + format.photometric() + "); their luminance is read.",
                "Nothing needs to be done if the colors carry no information."));
        }
    }

    private void filtered(final String series, final String message, final String option) {
        m_problems.accept(new Problem(Kind.FILTERED, Effect.SERIES_SKIPPED, "", series, message,
            "Change \"" + option + "\" to read it."));
    }

    /** Images without position: radiographs become volumes of depth 1, slices cannot be used. */
    private void projections(final String key, final SeriesVolumes volumes, final List<IndexedFile> members,
        final List<Slice> slices, final boolean alone, final List<Assembled> found) {
        if (slices.isEmpty()) {
            return;
        }
        final SeriesHeader header = members.get(0).header().orElseThrow();
        final Set<String> files = new HashSet<>();
        slices.forEach(s -> files.add(s.path()));
        final boolean movie = files.size() < slices.size();
        final List<Slice> images = alone && !movie ? volumes.withoutCopies(slices) : slices;
        final String series = m_pseudonyms.series(key);
        if (!alone || movie || CROSS_SECTIONAL.contains(header.modality()) && images.size() > 1) {
            m_problems.accept(new Problem(Kind.MISSING_GEOMETRY, alone ? Effect.SERIES_SKIPPED : Effect.FILE_SKIPPED,
                images.get(0).path(), series, movie
                    ? slices.size() + " frames of " + (files.size() == 1 ? "a multi-frame image" : files.size()
                        + " multi-frame images") + " have no Image Position (Patient) (0020,0032), as those of a movie or of"
                        + " views from all sides (modality " + header.modality() + "); they make no stack of slices."
                    : images.size() + " slices have no Image Position (Patient) (0020,0032) of their own and cannot be put in"
                        + " order.",
                movie ? "Nothing needs to be done unless they are slices; then export the series again"
                    + " with position and orientation." : "Export the series again with position and orientation."));
            return;
        }
        for (final Slice slice : images) {
            final String id = images.size() == 1 ? series : m_pseudonyms.series(key + "\0" + slice.sopInstance());
            final Stack stack = Stack.projection(slice, m_options.images());
            found.add(new Assembled(header, attributes(members, stack), info(header, stack, id, members.get(0).path()), "",
                stack));
        }
    }

    /** The site by its folder. */
    private Optional<String> site(final String path) {
        final Optional<String> site = m_options.siteFolder().of(path);
        return isNoSite(site) ? Optional.of("") : site;
    }

    private boolean isNoSite(final Optional<String> folder) {
        return m_options.siteFolder().isFirst() && (m_medium || folder.filter(m_patients::contains).isPresent());
    }

    private VolumeInfo info(final SeriesHeader header, final Stack stack, final String series, final String path) {
        final String[] folders = path.split("/");
        final int levels = folders.length - 1;
        final boolean byFolder = m_options.siteRule() == SiteRule.FOLDER;
        final String site = byFolder ? site(path).orElseThrow() : header.site();
        final int subjectLevels = Math.min(levels,
            byFolder && !isNoSite(m_options.siteFolder().of(path)) ? m_options.siteFolder().level() + 1 : 1);
        final String folder =
            subjectLevels > 0 ? "folder " + String.join("/", List.of(folders).subList(0, subjectLevels)) : "";
        final String study = header.studyUid().isEmpty() ? "" : "study " + header.studyUid();
        final String patient = header.patient().isEmpty() ? "" : "patient " + header.patient();
        final String subject = Stream.of(switch (m_options.subjectRule()) {
            case PATIENT -> new String[]{patient, folder, study};
            case STUDY -> new String[]{study, folder};
            case FOLDER -> new String[]{folder, study};
        }).filter(id -> !id.isEmpty()).findFirst().orElse("study ");
        return new VolumeInfo(header.modality(), site, m_pseudonyms.subject(subject), series,
            stack.slices().get(0).mapping().units().orElse(header.units()));
    }

    /** Problems of files, one row for all files of a series that share the same defect. */
    void reportFiles(final List<IndexedFile> files) {
        final Map<String, List<Problem>> same = new TreeMap<>();
        for (final IndexedFile file : files) {
            file.problem().ifPresent(p -> {
                final String series = file.header().map(h -> series(h, file.path())).orElse("");
                final String key = series.isEmpty() ? "file " + file.path() : series + p.kind() + p.message();
                same.computeIfAbsent(key, k -> new ArrayList<>())
                    .add(new Problem(p.kind(), p.effect(), p.file(), series, p.message(), p.remedy()));
            });
        }
        for (final List<Problem> group : same.values()) {
            final Problem p = group.stream().min(Comparator.comparing(Problem::file)).orElseThrow();
            m_problems.accept(group.size() == 1 ? p : new Problem(p.kind(), p.effect(), p.file(), p.series(),
                group.size() + " files: " + p.message(), p.remedy()));
        }
    }
}
