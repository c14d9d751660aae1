package org.scanbridge.dicom.nifti.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

import org.scanbridge.dicom.series.Raters;

/**
 * Label maps beside their images, told by their names: {@code case_seg} belongs to {@code case} if there is such an image,
 * else to all images {@code case_…} of the folder (BraTS, ACDC); {@code segmentation} to all images of its folder (KiTS);
 * {@code segmentation-7} to {@code volume-7} (LiTS).
 * <p>
 * A folder such as {@code segmentations} beside images holds label maps too: those named after an image, else one file per
 * class of the images, as TotalSegmentator writes them ({@code s0001/ct} and {@code s0001/segmentations/liver}). A folder of
 * whatever name counts so if all its files are called like classes of TotalSegmentator. One file per class are also
 * {@code case_liver_mask} and {@code case_spleen_mask} if there is an image {@code case}; {@code case_rater1_seg} and
 * {@code case_rater2_seg} are maps of several raters.
 */
final class EndingPairing implements Pairing {

    /** What a label file belongs to: images by their folder and the beginning of their names. */
    private record Owner(String folder, String base, boolean exact, String className) {
    }

    private final Map<NiftiFile, Owner> m_labels = new LinkedHashMap<>();

    /** By the folder of the images, those that name the most first. */
    private final Map<String, SortedSet<Owner>> m_owners = new HashMap<>();

    /** Whether names tell raters, so that what follows the image's name is no class unless there is a word for raters too. */
    private final boolean m_ratersByName;

    EndingPairing(final List<NiftiFile> files, final Raters.Rule raters) {
        m_ratersByName = raters == Raters.Rule.NAME;
        final Map<String, List<NiftiFile>> folders = new HashMap<>();
        files.forEach(f -> folders.computeIfAbsent(f.folder(), k -> new ArrayList<>()).add(f));
        final Set<String> organs = LabelTable.totalSegmentator().values().keySet();
        for (final NiftiFile file : files) {
            final List<NiftiFile> above = imagesAbove(file, folders, organs);
            if (!above.isEmpty()) {
                m_labels.put(file, inFolder(file, folders.get(file.folder()), above));
            } else if (LabelWords.isLabel(file.stem())) {
                m_labels.put(file, beside(file, folders.get(file.folder())));
            }
        }
        final Comparator<Owner> longest = Comparator.<Owner> comparingInt(o -> -o.base.length()).thenComparing(Owner::base);
        m_labels.values().forEach(o -> m_owners.computeIfAbsent(o.folder, k -> new TreeSet<>(longest)).add(o));
    }

    /** The images in the folder above a folder of label maps; none if the file lies in no such folder. */
    private static List<NiftiFile> imagesAbove(final NiftiFile file, final Map<String, List<NiftiFile>> folders,
        final Set<String> organs) {
        final boolean labels = LabelWords.isFolder(file.folderName()) || folders.get(file.folder()).size() > 1
            && folders.get(file.folder()).stream().allMatch(f -> organs.contains(f.stem()));
        return !labels ? List.of()
            : folders.getOrDefault(file.parent(), List.of()).stream().filter(f -> !LabelWords.isLabel(f.stem())).toList();
    }

    private Owner inFolder(final NiftiFile file, final List<NiftiFile> folder, final List<NiftiFile> images) {
        final Owner owner = inFolder(file, images);
        // lesion is a class where liver lies beside it
        return owner.className.isEmpty() && LabelWords.endsWithStructure(file.stem())
            && folder.stream().anyMatch(f -> isClassBeside(inFolder(f, images), owner))
                ? new Owner(owner.folder, owner.base, owner.exact, LabelWords.ending(file.stem())) : owner;
    }

    private static boolean isClassBeside(final Owner other, final Owner owner) {
        return !other.className.isEmpty() && other.base.equals(owner.base);
    }

    private Owner inFolder(final NiftiFile file, final List<NiftiFile> images) {
        final String own = LabelWords.base(file.stem());
        for (final String base : List.of(file.stem(), own, LabelWords.withoutRater(own))) {
            if (images.stream().anyMatch(i -> i.stem().equals(base))) {
                return new Owner(file.parent(), base, true, "");
            }
            if (!base.isEmpty() && images.stream().anyMatch(i -> LabelWords.goesOn(i.stem(), base))) {
                return new Owner(file.parent(), base, false, "");
            }
        }
        if (LabelWords.withoutRater(own).isEmpty()) {
            return new Owner(file.parent(), "", false, "");
        }
        // liver, or case_liver: the class without the case
        final Optional<String> image = longestBeginning(file.stem(), images);
        return new Owner(file.parent(), image.orElse(""), image.isPresent(), image.isPresent()
            ? shown(LabelWords.base(file.stem().substring(image.get().length() + 1))) : LabelWords.withoutRater(own));
    }

    private Owner beside(final NiftiFile file, final List<NiftiFile> folder) {
        final List<NiftiFile> images = folder.stream().filter(f -> !LabelWords.isLabel(f.stem())).toList();
        final Optional<NiftiFile> numbered =
            images.stream().filter(i -> LabelWords.sameNumber(i.stem(), file.stem())).findFirst();
        if (numbered.isPresent()) {
            return new Owner(file.folder(), numbered.get().stem(), true, "");
        }
        final String base = LabelWords.base(file.stem());
        if (images.stream().anyMatch(i -> i.stem().equals(base))) {
            return new Owner(file.folder(), base, true, "");
        }
        if (images.stream().anyMatch(i -> LabelWords.goesOn(i.stem(), base))) {
            return new Owner(file.folder(), base, false, "");
        }
        final Optional<String> image = longestBeginning(base, images);
        return image.isPresent()
            ? new Owner(file.folder(), image.get(), true, shown(base.substring(image.get().length() + 1)))
            : new Owner(file.folder(), LabelWords.withoutRater(base), false, "");
    }

    /** The class that the rest of a name says, without the rater; empty if it says the rater alone. */
    private String shown(final String rest) {
        final String name = LabelWords.withoutRater(rest);
        return m_ratersByName && name.equals(rest) ? "" : name;
    }

    /** The longest name of an image that a name begins with. */
    private static Optional<String> longestBeginning(final String stem, final List<NiftiFile> images) {
        return images.stream().map(NiftiFile::stem).filter(i -> LabelWords.goesOn(stem, i))
            .max((a, b) -> Integer.compare(a.length(), b.length()));
    }

    @Override
    public boolean isLabel(final NiftiFile file) {
        return m_labels.containsKey(file);
    }

    @Override
    public boolean isImage(final NiftiFile file) {
        return !isLabel(file);
    }

    @Override
    public List<NiftiFile> candidates(final NiftiFile label, final List<NiftiFile> images) {
        final Owner owner = m_labels.get(label);
        return images.stream().filter(i -> i.folder().equals(owner.folder)
            && (owner.exact ? i.stem().equals(owner.base) : LabelWords.goesOn(i.stem(), owner.base))).toList();
    }

    @Override
    public Optional<String> className(final NiftiFile label) {
        final String name = m_labels.get(label).className;
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    /** A map of all classes says more than files of single ones. */
    @Override
    public int rank(final NiftiFile label) {
        return className(label).isPresent() ? 1 : 0;
    }

    /** An image whose name goes on from that of a labeled one counts as the same subject: never split a subject. */
    @Override
    public String subject(final NiftiFile image, final List<NiftiFile> labels) {
        for (final Owner owner : m_owners.getOrDefault(image.folder(), Collections.emptySortedSet())) {
            if (image.stem().equals(owner.base) || LabelWords.goesOn(image.stem(), owner.base)) {
                // Images that share a label map because it names none are those of a folder.
                return !owner.base.isEmpty() ? owner.folder + owner.base
                    : owner.folder.isEmpty() ? image.key() : owner.folder;
            }
        }
        return image.key();
    }

    @Override
    public String siteFolders(final NiftiFile file) {
        return file.folder();
    }
}
