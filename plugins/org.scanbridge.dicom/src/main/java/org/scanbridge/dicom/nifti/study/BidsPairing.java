package org.scanbridge.dicom.nifti.study;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brain Imaging Data Structure 1.8: names are entities such as {@code sub-01} and {@code ses-2}, joined by underscores,
 * and a suffix. Segmentations end with {@code dseg} or {@code mask} and usually lie below {@code derivatives}. A
 * segmentation belongs to the images that have its entities, apart from those that say what was done to it.
 */
final class BidsPairing implements Pairing {

    private static final Pattern SUBJECT = Pattern.compile("(^|/)sub-[A-Za-z0-9]+[/_]");

    private static final Pattern DERIVATIVES = Pattern.compile("(^|/)derivatives/.*$");

    private static final Set<String> LABEL_SUFFIXES = Set.of("dseg", "mask", "seg");

    /** Entities of derivatives that their sources do not have. */
    private static final Set<String> DERIVED = Set.of("space", "res", "den", "label", "desc", "hemi", "seg", "atlas");

    /** Whether there are images outside derivatives; else those in derivatives are read. */
    private final boolean m_raw;

    BidsPairing(final List<NiftiFile> files) {
        m_raw = files.stream()
            .anyMatch(f -> isBids(f) && !isLabel(f) && !DERIVATIVES.matcher(f.path()).find());
    }

    /** Whether a folder looks like this layout. */
    static boolean fits(final List<NiftiFile> files) {
        return files.stream().anyMatch(BidsPairing::isBids);
    }

    private static boolean isBids(final NiftiFile file) {
        return file.stem().matches("sub-[A-Za-z0-9]+(_[A-Za-z0-9]+-[A-Za-z0-9]+)*_[A-Za-z0-9]+");
    }

    private static String suffix(final NiftiFile file) {
        return file.stem().substring(file.stem().lastIndexOf('_') + 1);
    }

    private static Map<String, String> entities(final NiftiFile file) {
        final Map<String, String> entities = new TreeMap<>();
        for (final String part : file.stem().split("_")) {
            final int hyphen = part.indexOf('-');
            if (hyphen > 0) {
                entities.put(part.substring(0, hyphen), part.substring(hyphen + 1));
            }
        }
        return entities;
    }

    /** Where the data set begins: the path before derivatives and before the subject, with a closing slash. */
    private static String root(final NiftiFile file) {
        final String path = DERIVATIVES.matcher(file.path()).replaceFirst("$1");
        final Matcher subject = SUBJECT.matcher(path);
        return subject.find() ? path.substring(0, subject.end(1)) : path.substring(0, path.lastIndexOf('/') + 1);
    }

    @Override
    public boolean isLabel(final NiftiFile file) {
        return isBids(file) && LABEL_SUFFIXES.contains(suffix(file));
    }

    @Override
    public boolean isImage(final NiftiFile file) {
        return isBids(file) && !isLabel(file) && !(m_raw && DERIVATIVES.matcher(file.path()).find());
    }

    @Override
    public List<NiftiFile> candidates(final NiftiFile label, final List<NiftiFile> images) {
        final Map<String, String> wanted = entities(label);
        wanted.keySet().removeAll(DERIVED);
        return images.stream()
            .filter(i -> root(i).equals(root(label)) && entities(i).entrySet().containsAll(wanted.entrySet())).toList();
    }

    @Override
    public String subject(final NiftiFile image, final List<NiftiFile> labels) {
        return root(image) + "sub-" + entities(image).get("sub");
    }

    @Override
    public String siteFolders(final NiftiFile file) {
        return root(file);
    }
}
