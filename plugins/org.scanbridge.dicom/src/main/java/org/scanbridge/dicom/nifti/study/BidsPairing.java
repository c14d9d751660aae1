package org.scanbridge.dicom.nifti.study;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Brain Imaging Data Structure 1.8: names are entities such as {@code sub-01} and {@code ses-2}, joined by underscores,
 * and a suffix. Segmentations end with {@code dseg} or {@code mask} and usually lie below {@code derivatives}. A
 * segmentation belongs to the images that have its entities, apart from those that say what was done to it.
 * <p>
 * Of several segmentations of an image a {@code dseg} ("discrete segmentation", all tissues) comes first, before masks of
 * single tissues, which the entity {@code label} names, before other masks, before the mask of the brain. Of several
 * {@code dseg} the one with the fewest entities comes first. {@code probseg} and other derivatives are no label maps.
 */
final class BidsPairing implements Pairing {

    private static final Pattern SUBJECT = Pattern.compile("(^|/)sub-[A-Za-z0-9]+[/_]");

    private static final Pattern DERIVATIVES = Pattern.compile("(^|/)derivatives/.*$");

    /** Above the number of entities that a segmentation has. */
    private static final int MASKS = 100;

    private static final Set<String> LABEL_SUFFIXES = Set.of("dseg", "mask", "seg", "msk");

    /** Entities of derivatives that their sources do not have. */
    private static final Set<String> DERIVED = Set.of("space", "res", "den", "label", "desc", "hemi", "seg", "atlas");

    /** Data sets that have images outside derivatives; else those in derivatives are read. */
    private final Set<String> m_raw;

    BidsPairing(final List<NiftiFile> files) {
        m_raw = files.stream().filter(f -> isBids(f) && !isLabel(f) && !isDerivative(f)).map(BidsPairing::root)
            .collect(Collectors.toSet());
    }

    /** Where data sets of this layout begin, with a closing slash. */
    static List<String> roots(final List<NiftiFile> files) {
        return files.stream().filter(BidsPairing::isBids).map(BidsPairing::root).distinct().toList();
    }

    /** Whether a file is named so and lies below derivatives. */
    static boolean isDerivative(final NiftiFile file) {
        return isBids(file) && DERIVATIVES.matcher(file.path()).find();
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
        return isBids(file) && !isLabel(file) && !suffix(file).equals("probseg") && !(isDerivative(file) && m_raw.contains(root(file)));
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

    /** What a mask shows, as the entity label or desc says; empty for masks of the brain, which show no class of it. */
    private static String shown(final NiftiFile label) {
        final Map<String, String> entities = entities(label);
        final String name = entities.getOrDefault("label", entities.getOrDefault("desc", ""));
        return name.toLowerCase(Locale.ROOT).startsWith("brain") ? "" : name;
    }

    private static boolean isMask(final NiftiFile label) {
        return suffix(label).equals("mask");
    }

    @Override
    public Optional<String> className(final NiftiFile label) {
        return isMask(label) && entities(label).containsKey("label") && !shown(label).isEmpty()
            ? Optional.of(shown(label)) : Optional.empty();
    }

    @Override
    public int rank(final NiftiFile label) {
        if (!isMask(label)) {
            // with nothing but the entities of the image first
            return (int)entities(label).keySet().stream().filter(DERIVED::contains).count();
        }
        return MASKS + (className(label).isPresent() ? 0 : !shown(label).isEmpty() ? 1
            : entities(label).containsKey("desc") || entities(label).containsKey("label") ? 3 : 2);
    }

    @Override
    public Optional<String> ranksAfter(final NiftiFile label) {
        return rank(label) >= MASKS ? Optional.of("is a mask, which by the rules of BIDS ranks after a dseg, and the mask of"
            + " the brain after all") : Optional.empty();
    }

    @Override
    public Optional<String> otherSpace(final NiftiFile label) {
        return Optional.ofNullable(entities(label).get("space"))
            .map(s -> "lies in the space \"" + s + "\", not on the grid of the image");
    }

    @Override
    public String neither(final NiftiFile file) {
        return !isBids(file) ? "is not named as BIDS names images"
            : suffix(file).equals("probseg") ? "holds probabilities (probseg), not labels"
                : "is a derivative; the raw images are read";
    }
}
