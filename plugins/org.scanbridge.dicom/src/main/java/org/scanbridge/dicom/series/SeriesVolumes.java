package org.scanbridge.dicom.series;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.pixel.PixelReader;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;

/**
 * Divides the slices of one series into volumes. Scouts and single slices that stand out are set aside first. Slices of one
 * volume lie at different places; where several lie at the same place, an attribute tells the volumes apart (see
 * {@link VolumeParts}), or they are copies of each other, or pieces of one volume that overlap, or else the i-th of each
 * place by Instance Number (0020,0013) belongs to volume i, as converters such as dcm2niix and SPM hold it. What fits none
 * of these stays together and is refused by {@link StackBuilder}.
 */
public final class SeriesVolumes {

    /** A single slice stands out of stacks of so many slices; of smaller ones nobody knows which is the odd one. */
    private static final int STACK = 3;

    /** Series sent again are looked for among so many volumes at most: nobody sends them more often. */
    private static final int MAX_COPIES = 3;

    /** Attributes that go on while one volume is acquired: their values may mark pieces of it. */
    private static final Set<String> RUNNING = Set.of("acquisition", "trigger", "time");

    private final String m_series;

    private final PixelReader m_pixels;

    private final Consumer<Problem> m_problems;

    /**
     * @param series pseudonymous id of the series, for problems
     * @param pixels reads the pictures of slices that may be copies of each other
     * @param problems takes what is set aside
     */
    public SeriesVolumes(final String series, final PixelReader pixels, final Consumer<Problem> problems) {
        m_series = Objects.requireNonNull(series, "series");
        m_pixels = Objects.requireNonNull(pixels, "pixels");
        m_problems = Objects.requireNonNull(problems, "problems");
    }

    /**
     * Divides slices.
     *
     * @param slices slices of one series with planes
     * @return the slices of each volume by what tells it from the others, such as {@code TE=4.6}; the empty text if there
     *         is one volume only
     */
    public Map<String, List<Slice>> divide(final List<Slice> slices) {
        final Map<String, List<Slice>> volumes = new TreeMap<>();
        final List<SliceKind> kinds = withoutOdd(SliceKind.kinds(distinct(slices)));
        for (final SliceKind kind : kinds) {
            divide(kind.name(kinds), kind.slices(), volumes);
        }
        return volumes;
    }

    /**
     * Leaves out images without a place, such as radiographs, that are there more than once: copies of a file, and pictures
     * that were sent again under another SOP Instance UID with the same Instance Number. Each would be an image of its own,
     * and count twice wherever images are counted. Different pictures of one SOP Instance UID are all left out,
     * since nobody can tell which of them a segmentation refers to.
     *
     * @param images images of one series without planes, one of each file
     * @return those that differ, in their order
     */
    public List<Slice> withoutCopies(final List<Slice> images) {
        final Map<Integer, Long> numbers =
            images.stream().collect(Collectors.groupingBy(Slice::instanceNumber, Collectors.counting()));
        final Map<String, Slice> originals = new LinkedHashMap<>();
        final Map<Integer, List<Slice>> pictures = new HashMap<>();
        final Map<String, Slice> ambiguous = new TreeMap<>();
        final Map<Slice, Slice> again = new LinkedHashMap<>();
        final Map<String, String> files = new TreeMap<>();
        for (final Slice image : images) {
            final Slice before = originals.putIfAbsent(image.key(), image);
            if (before != null) {
                if (!isReadable(image) || isSamePicture(before, image)) {
                    files.putIfAbsent(image.path(), before.path());
                } else if (!isReadable(before)) {
                    originals.put(image.key(), image);
                    files.putIfAbsent(before.path(), image.path());
                } else {
                    ambiguous.put(image.key(), before);
                }
            } else if (numbers.get(image.instanceNumber()) > 1) {
                // Only pictures of one number are read: the views of a series mostly have numbers of their own.
                final List<Slice> same = pictures.computeIfAbsent(hash(image), h -> new ArrayList<>(1));
                final Optional<Slice> original = same.stream().filter(s -> s.instanceNumber() == image.instanceNumber()
                    && !s.sopInstance().equals(image.sopInstance()) && isSamePicture(s, image)).findFirst();
                original.ifPresentOrElse(o -> again.put(image, o), () -> same.add(image));
            }
        }
        reportFiles(files);
        if (!again.isEmpty()) {
            leaveOut(again);
        }
        // No duplicates: these images are lost.
        ambiguous.values().forEach(s -> m_problems.accept(new Problem(Kind.UNREADABLE_FILE, Effect.FILE_SKIPPED, s.path(),
            m_series, "Files with the SOP Instance UID (0008,0018) of this one show other pictures. All of them were left out,"
                + " since nobody can tell which one is meant where the UID is named.",
            "Export the series again, or remove the files that do not belong to it.")));
        return originals.values().stream().filter(s -> !again.containsKey(s) && !ambiguous.containsKey(s.key())).toList();
    }

    private boolean isReadable(final Slice slice) {
        try {
            picture(slice);
            return true;
        } catch (final IOException e) {
            return false;
        }
    }

    /** A hash of a picture; 0 where it cannot be read, which is reported when the image is read. */
    private int hash(final Slice slice) {
        try {
            return Arrays.hashCode(picture(slice));
        } catch (final IOException e) {
            return 0;
        }
    }

    /**
     * Copies of the same object are harmless: one of them is enough. Objects of the same UID at other places, or of other
     * numbers, are no copies, but were given one UID by mistake.
     */
    private List<Slice> distinct(final List<Slice> slices) {
        final Map<String, List<Slice>> seen = new HashMap<>();
        final List<Slice> distinct = new ArrayList<>();
        final Map<String, String> copies = new TreeMap<>();
        for (final Slice slice : slices) {
            final List<Slice> same = seen.computeIfAbsent(slice.key(), k -> new ArrayList<>(1));
            final Slice before = same.stream().filter(s -> s.plane().equals(slice.plane())
                && s.instanceNumber() == slice.instanceNumber()).findFirst().orElse(null);
            if (before == null) {
                same.add(slice);
                distinct.add(slice);
            } else {
                copies.putIfAbsent(slice.path(), before.path());
            }
        }
        reportFiles(copies);
        return distinct;
    }

    /** @param copies paths of files and of those that they are copies of */
    private void reportFiles(final Map<String, String> copies) {
        if (!copies.isEmpty()) {
            final Map.Entry<String, String> first = copies.entrySet().iterator().next();
            m_problems.accept(new Problem(Kind.DUPLICATE_SLICE, Effect.FILE_SKIPPED, first.getKey(), m_series,
                (copies.size() == 1 ? "The file is a copy of " : copies.size() + " files are copies of others, this one of ")
                    + first.getValue() + " (same SOP Instance UID).",
                copies.size() == 1 ? "Remove one of the two." : "Remove the copies."));
        }
    }

    /** Sets scouts and single slices aside that lie in the series of a stack. */
    private List<SliceKind> withoutOdd(final List<SliceKind> kinds) {
        if (kinds.size() < 2) {
            return kinds;
        }
        final int largest = kinds.stream().mapToInt(k -> k.slices().size()).max().orElseThrow();
        final boolean stack = kinds.stream().anyMatch(k -> !k.localizer() && k.slices().size() > 1);
        final List<SliceKind> kept = new ArrayList<>();
        for (final SliceKind kind : kinds) {
            final int n = kind.slices().size();
            if (kind.localizer() && stack) {
                setAside(kind, Kind.LOCALIZER, (n == 1 ? "A localizer image lies" : n + " localizer images lie")
                    + " in the series of a stack of other slices, and " + (n == 1 ? "was" : "were") + " set aside.",
                    "Nothing needs to be done, unless the localizer is wanted as an image.");
            } else if (n == 1 && largest >= STACK && !kind.localizer()) {
                setAside(kind, Kind.MIXED_GEOMETRY, "One slice has another size, pixel spacing or orientation ("
                    + kind.description() + ") than the " + largest + " other slices of the series, and was set aside.",
                    "Export the series again if the slice belongs to the image; else remove the file.");
            } else {
                kept.add(kind);
            }
        }
        if (kept.size() > 1 && kept.stream().allMatch(k -> k.slices().size() == 1) && !SliceKind.areSectionPlanes(kept)) {
            if (SliceKind.areTurned(kept)) {
                m_problems.accept(new Problem(Kind.MIXED_GEOMETRY, Effect.KEPT, kept.get(0).slices().get(0).path(), m_series,
                    "The series has one slice in each of " + kept.size() + " orientations. Each became an image of its own.",
                    "Leave them out with \"Minimum number of slices\" if they are not wanted."));
                return kept;
            }
            // Nobody knows what belongs together; the stack's problem tells what is mixed.
            return List.of(SliceKind.mixed(kept));
        }
        return kept;
    }

    private void setAside(final SliceKind kind, final Kind problem, final String message, final String remedy) {
        m_problems.accept(
            new Problem(problem, Effect.FILE_SKIPPED, kind.slices().get(0).path(), m_series, message, remedy));
    }

    private void divide(final String name, final List<Slice> slices, final Map<String, List<Slice>> volumes) {
        final Places places = Places.of(slices);
        if (divideByMosaic(name, slices, places, volumes)) {
            return;
        }
        if (places.most() > 1 ? divideByAttribute(name, slices, places, volumes) || divideByCopies(name, slices, places, volumes)
            || divideByNumber(name, places, volumes) || divideLoosely(name, slices, places, volumes)
            || divideByBlocks(name, slices, places, volumes) : divideStaggered(name, slices, places, volumes)) {
            return;
        }
        volumes.put(name, slices);
    }

    /** Mosaics that do not all lie at the same places, as after motion correction: each is a volume whatever else holds. */
    private static boolean divideByMosaic(final String name, final List<Slice> slices, final Places places,
        final Map<String, List<Slice>> volumes) {
        if (slices.stream().anyMatch(s -> s.tile() < 0)) {
            return false;
        }
        final Map<String, List<Slice>> objects = new TreeMap<>();
        slices.forEach(s -> objects.computeIfAbsent(s.sopInstance(), o -> new ArrayList<>()).add(s));
        if (objects.size() == 1 || places.isEven() && places.most() == objects.size()) {
            return false;
        }
        final List<List<Slice>> order = new ArrayList<>(objects.values());
        order.sort(Comparator.comparingInt(o -> o.get(0).instanceNumber()));
        put(name, order, volumes);
        return true;
    }

    /** Volumes by the first attribute by whose values each place is taken as often as the other places are. */
    private boolean divideByAttribute(final String name, final List<Slice> slices, final Places places,
        final Map<String, List<Slice>> volumes) {
        for (final String attribute : attributes(slices)) {
            final Map<String, List<Slice>> classes = classes(slices, attribute);
            if (classes.size() > 1 && RUNNING.contains(attribute)) {
                final Optional<List<Slice>> joined = joined(classes.values(), places);
                if (joined.isPresent()) {
                    reportOverlap(attribute, classes, slices.size() - joined.get().size(), joined.get());
                    volumes.put(name, joined.get());
                    return true;
                }
            }
            if (classes.size() > 1 && classes.size() <= places.most() && classes.values().stream().map(Places::of)
                .allMatch(p -> p.isEven() && p.most() < places.most())) {
                recurse(name, attribute, classes, volumes);
                return true;
            }
        }
        return false;
    }

    private void recurse(final String name, final String attribute, final Map<String, List<Slice>> classes,
        final Map<String, List<Slice>> volumes) {
        classes.forEach((value, members) -> divide(joined(name, attribute + "=" + value), members, volumes));
    }

    private static String joined(final String name, final String part) {
        return name.isEmpty() || name.endsWith(" ") ? name + part : name + " " + part;
    }

    private static Map<String, List<Slice>> classes(final List<Slice> slices, final String attribute) {
        final Map<String, List<Slice>> classes = new TreeMap<>();
        for (final Slice slice : slices) {
            classes.computeIfAbsent(slice.parts().getOrDefault(attribute, ""), c -> new ArrayList<>()).add(slice);
        }
        return classes;
    }

    private static Set<String> attributes(final List<Slice> slices) {
        final Set<String> names = new LinkedHashSet<>();
        slices.forEach(s -> names.addAll(s.parts().keySet()));
        return names;
    }

    /**
     * The stack that pieces make which follow each other and overlap a little, each place taken once, from the earlier
     * piece; empty if they are volumes rather.
     */
    private static Optional<List<Slice>> joined(final Iterable<List<Slice>> pieces, final Places places) {
        final Map<Slice, Integer> place = places.indices();
        final List<List<Slice>> order = new ArrayList<>();
        int smallest = Integer.MAX_VALUE;
        int slices = 0;
        for (final List<Slice> piece : pieces) {
            if (piece.size() < 2 || piece.stream().map(place::get).distinct().count() < piece.size()) {
                return Optional.empty();
            }
            order.add(piece);
            smallest = Math.min(smallest, piece.size());
            slices += piece.size();
        }
        if (slices - places.count() > (order.size() - 1) * smallest / 2 || !places.isStack()) {
            return Optional.empty();
        }
        order.sort(Comparator.comparingInt(p -> p.stream().mapToInt(Slice::instanceNumber).min().orElse(0)));
        final Set<Integer> taken = new HashSet<>();
        return Optional.of(order.stream().flatMap(List::stream).filter(s -> taken.add(place.get(s))).toList());
    }

    private void reportOverlap(final String attribute, final Map<String, List<Slice>> classes, final int shared,
        final List<Slice> joined) {
        final Slice left = classes.values().stream().flatMap(List::stream).filter(s -> !joined.contains(s)).findFirst()
            .orElseThrow();
        m_problems.accept(new Problem(Kind.DUPLICATE_SLICE, Effect.KEPT, left.path(), m_series, String.format(Locale.ROOT,
            "%d parts of the series (by %s) overlap by %d slices, such as this one. They were joined to one image; of the"
                + " shared slices those of the earlier part were taken.", classes.size(), VolumeParts.words(attribute),
            shared), "Nothing needs to be done if they are one image."));
    }

    /**
     * Interleaved stacks that share no place, each of them even: they are volumes on different grids, as after motion
     * correction.
     */
    private boolean divideStaggered(final String name, final List<Slice> slices, final Places places,
        final Map<String, List<Slice>> volumes) {
        if (slices.size() <= STACK || places.isStack()) {
            return false;
        }
        for (final String attribute : attributes(slices)) {
            final Map<String, List<Slice>> classes = classes(slices, attribute);
            if (classes.size() > 1 && overlap(classes, places)
                && classes.values().stream().allMatch(c -> c.size() >= STACK && Places.of(c).isStack())) {
                m_problems.accept(new Problem(Kind.IRREGULAR_SPACING, Effect.KEPT, "", m_series, classes.size()
                    + " parts of the series (by " + VolumeParts.words(attribute) + ") overlap, but their slices lie at"
                    + " different positions. Each part was made an image of its own.",
                    "Nothing needs to be done if they are images of their own."));
                recurse(name, attribute, classes, volumes);
                return true;
            }
        }
        return false;
    }

    /** Whether some class begins before another one ends. */
    private static boolean overlap(final Map<String, List<Slice>> classes, final Places places) {
        final Map<Slice, Integer> place = places.indices();
        final List<int[]> ranges = new ArrayList<>();
        for (final List<Slice> c : classes.values()) {
            ranges.add(new int[]{c.stream().mapToInt(place::get).min().orElseThrow(),
                c.stream().mapToInt(place::get).max().orElseThrow()});
        }
        ranges.sort(Comparator.comparingInt(r -> r[0]));
        for (int r = 1; r < ranges.size(); r++) {
            if (ranges.get(r)[0] < ranges.get(r - 1)[1]) {
                return true;
            }
        }
        return false;
    }

    /** Leaves out slices that show the same picture as another one of the same place and Instance Number. */
    private boolean divideByCopies(final String name, final List<Slice> slices, final Places places,
        final Map<String, List<Slice>> volumes) {
        final Map<Slice, Slice> copies = new LinkedHashMap<>();
        for (final List<Slice> place : places.all()) {
            final Map<Integer, List<Slice>> kept = new HashMap<>();
            for (final Slice slice : place) {
                final List<Slice> same = kept.computeIfAbsent(slice.instanceNumber(), n -> new ArrayList<>());
                // Frames of one object are never sent twice.
                final Optional<Slice> original = same.stream()
                    .filter(s -> !s.sopInstance().equals(slice.sopInstance()) && isSamePicture(s, slice)).findFirst();
                original.ifPresentOrElse(o -> copies.put(slice, o), () -> same.add(slice));
            }
        }
        if (copies.isEmpty()) {
            return false;
        }
        leaveOut(copies);
        divide(name, slices.stream().filter(s -> !copies.containsKey(s)).toList(), volumes);
        return true;
    }

    private void leaveOut(final Map<Slice, Slice> copies) {
        final Slice first = copies.keySet().iterator().next();
        final int n = copies.size();
        final boolean placed = first.plane().isPresent();
        final String what = placed ? "slice" : "image";
        m_problems.accept(new Problem(Kind.DUPLICATE_SLICE, Effect.FILE_SKIPPED, first.path(), m_series,
            (n == 1 ? "The " + what + " shows" : n + " " + what + "s show") + " the same picture"
                + (placed ? " at the same place" : "") + " as another one, under another SOP Instance UID, as this file and "
                + copies.get(first).path() + ": sent twice, and left out.",
            "Nothing needs to be done; remove the copies to be rid of this message."));
    }

    private boolean isSamePicture(final Slice a, final Slice b) {
        if (a.format().rows() != b.format().rows() || a.format().columns() != b.format().columns()) {
            return false;
        }
        try {
            return Arrays.equals(picture(a), picture(b));
        } catch (final IOException e) {
            return false; // what cannot be read is reported when the image is read
        }
    }

    private float[] picture(final Slice slice) throws IOException {
        final float[] values = new float[slice.format().framePixels()];
        try (DicomFile file = DicomFile.open(slice.file())) {
            m_pixels.read(file, slice.format(), slice.mapping(), slice.frame(), values, 0);
        }
        if (slice.tile() < 0) {
            return values;
        }
        final Plane p = slice.plane().orElseThrow();
        final float[] tile = new float[p.columns() * p.rows()];
        Mosaic.copy(values, slice.format().columns(), slice, tile, 0);
        return tile;
    }

    /** Where every place is taken equally often: the i-th of each by Instance Number belongs to volume i. */
    private boolean divideByNumber(final String name, final Places places, final Map<String, List<Slice>> volumes) {
        if (!places.isEven()) {
            return false;
        }
        final int n = places.most();
        final List<List<Slice>> members = new ArrayList<>();
        for (int v = 0; v < n; v++) {
            members.add(new ArrayList<>());
        }
        for (final List<Slice> place : places.all()) {
            final List<Slice> sorted = numbered(place);
            if (sorted.isEmpty()) {
                return false;
            }
            for (int v = 0; v < n; v++) {
                members.get(v).add(sorted.get(v));
            }
        }
        if (n <= MAX_COPIES && members.stream().skip(1).allMatch(v -> areSamePictures(members.get(0), v))) {
            final Map<Slice, Slice> copies = new LinkedHashMap<>();
            for (int v = 1; v < n; v++) {
                for (int s = 0; s < members.get(v).size(); s++) {
                    copies.put(members.get(v).get(s), members.get(0).get(s));
                }
            }
            leaveOut(copies);
            volumes.put(name, members.get(0));
            return true;
        }
        put(name, members, volumes);
        return true;
    }

    /** Slices in the order of instance and frame; empty if that is no order. */
    private static List<Slice> numbered(final List<Slice> slices) {
        final List<Slice> sorted = new ArrayList<>(slices);
        sorted.sort(Comparator.comparingInt(Slice::instanceNumber).thenComparingInt(Slice::frame));
        for (int s = 1; s < sorted.size(); s++) {
            final Slice a = sorted.get(s - 1);
            final Slice b = sorted.get(s);
            if (a.instanceNumber() == b.instanceNumber()
                && (a.frame() == b.frame() || !a.sopInstance().equals(b.sopInstance()))) {
                return List.of();
            }
        }
        return sorted;
    }

    private boolean areSamePictures(final List<Slice> a, final List<Slice> b) {
        for (int s = 0; s < a.size(); s++) {
            if (a.get(s).sopInstance().equals(b.get(s).sopInstance()) || !isSamePicture(a.get(s), b.get(s))) {
                return false;
            }
        }
        return true;
    }

    private static void put(final String name, final List<List<Slice>> members, final Map<String, List<Slice>> volumes) {
        final String format = "volume=%0" + Integer.toString(members.size()).length() + "d";
        for (int v = 0; v < members.size(); v++) {
            volumes.put(joined(name, String.format(Locale.ROOT, format, v + 1)), members.get(v));
        }
    }

    /** Volumes by an attribute that takes places unequally often, so that some of them at least may be whole. */
    private boolean divideLoosely(final String name, final List<Slice> slices, final Places places,
        final Map<String, List<Slice>> volumes) {
        for (final String attribute : attributes(slices)) {
            final Map<String, List<Slice>> classes = classes(slices, attribute);
            if (classes.size() > 1 && classes.size() <= places.most()
                && classes.values().stream().allMatch(c -> Places.of(c).most() < places.most())) {
                recurse(name, attribute, classes, volumes);
                return true;
            }
        }
        return false;
    }

    /**
     * Volumes that were acquired one after the other, of which some, mostly the last, are not whole: in the order of
     * Instance Number each visits the places in the same sequence.
     */
    private boolean divideByBlocks(final String name, final List<Slice> slices, final Places places,
        final Map<String, List<Slice>> volumes) {
        final List<Slice> sorted = numbered(slices);
        final Map<Slice, Integer> place = places.indices();
        final Map<Integer, Integer> ranks = new HashMap<>();
        final List<List<Slice>> blocks = new ArrayList<>();
        int last = Integer.MAX_VALUE;
        for (final Slice slice : sorted) {
            final int next = ranks.size();
            final int rank = ranks.computeIfAbsent(place.get(slice), p -> next);
            if (rank <= last) {
                blocks.add(new ArrayList<>());
            }
            blocks.get(blocks.size() - 1).add(slice);
            last = rank;
        }
        final Map<Boolean, List<List<Slice>>> whole =
            blocks.stream().collect(Collectors.partitioningBy(b -> b.size() == places.count()));
        final List<List<Slice>> broken = whole.get(false);
        if (blocks.size() < 2 || whole.get(true).size() <= broken.size()) {
            return false;
        }
        m_problems.accept(new Problem(Kind.INCOMPLETE_SERIES, Effect.FILE_SKIPPED, broken.get(0).get(0).path(), m_series,
            String.format(Locale.ROOT, "%d of %d volumes of the series are not whole, such as the one that begins with this"
                + " file (%d of %d slices). They were left out.", broken.size(), blocks.size(), broken.get(0).size(),
                places.count()), "Look whether the archive holds more images of this series; export it again if so."));
        if (whole.get(true).size() == 1) {
            volumes.put(name, whole.get(true).get(0));
        } else {
            put(name, whole.get(true), volumes);
        }
        return true;
    }
}
