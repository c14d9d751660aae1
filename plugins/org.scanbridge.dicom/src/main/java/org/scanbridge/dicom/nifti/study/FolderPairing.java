package org.scanbridge.dicom.nifti.study;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Files of the same name in folders of images and of labels, as in the Medical Segmentation Decathlon and nnU-Net; images
 * may end with the four digits of a channel. Where a folder of labels holds a folder for each image, its files are the
 * classes of that image: {@code images/case} and {@code labels/case/liver}. Where both count their files
 * ({@code img/img0001} and {@code label/label0001}) the numbers tell.
 */
final class FolderPairing implements Pairing {

    private static final Pattern IMAGES = Pattern.compile("(?i)(^|/)(?:images?|imgs?|volumes?)(tr|ts|val)?/");

    private static final Pattern LABELS =
        Pattern.compile("(?i)(^|/)(?:labels?|masks?|segs?|segmentations?|gt|ground_?truth)(tr|ts|val)?/");

    /** Folders of images of the Decathlon and nnU-Net. */
    private static final Pattern DECATHLON = Pattern.compile("^images(Tr|Ts|Val)/");

    private static final Pattern CHANNEL = Pattern.compile("_\\d{4}$");

    /** Whether files end with channel numbers, as nnU-Net's do. */
    private final boolean m_channels;

    private final Set<String> m_cases;

    FolderPairing(final List<NiftiFile> files) {
        final List<String> labels = files.stream().filter(this::isLabel).map(f -> key(LABELS, f).orElseThrow()).toList();
        final List<String> images = files.stream().filter(this::isImage).map(f -> key(IMAGES, f).orElseThrow()).toList();
        final List<String> stripped = images.stream().map(FolderPairing::withoutChannel).toList();
        m_channels = labels.isEmpty()
            ? images.stream().allMatch(i -> CHANNEL.matcher(i).find()) && stripped.stream().distinct().count() > 1
            : stripped.stream().anyMatch(labels::contains) && images.stream().noneMatch(labels::contains);
        m_cases = files.stream().filter(this::isImage).map(this::caseOf).collect(Collectors.toSet());
    }

    /**
     * The folders that hold folders of images and of labels, with a closing slash. Folders of images alone count beside
     * those, or if they are called as the Decathlon calls them: a target site has no labels.
     */
    static List<String> roots(final List<NiftiFile> files) {
        final Set<String> images = roots(files, IMAGES);
        final Set<String> labels = roots(files, LABELS);
        final boolean both = images.stream().anyMatch(labels::contains);
        return images.stream().filter(r -> both || files.stream().anyMatch(f -> f.path().startsWith(r)
            && DECATHLON.matcher(f.path().substring(r.length())).find())).toList();
    }

    /** Whether a file lies in a folder of images or labels. */
    static boolean claims(final NiftiFile file) {
        return !BidsPairing.isDerivative(file)
            && (IMAGES.matcher(file.path()).find() || LABELS.matcher(file.path()).find());
    }

    private static Set<String> roots(final List<NiftiFile> files, final Pattern folder) {
        final Set<String> roots = new TreeSet<>();
        for (final NiftiFile file : files) {
            final Matcher matcher = folder.matcher(file.path());
            // ivadomed keeps label maps of a BIDS data set in derivatives/labels.
            if (matcher.find() && !BidsPairing.isDerivative(file)) {
                roots.add(file.path().substring(0, matcher.end(1)));
            }
        }
        return roots;
    }

    private static String withoutChannel(final String key) {
        return CHANNEL.matcher(key).replaceFirst("");
    }

    /** The path with the folder of images or labels replaced by what both have in common. */
    private static Optional<String> key(final Pattern folder, final NiftiFile file) {
        final Matcher matcher = folder.matcher(file.key());
        if (!matcher.find()) {
            return Optional.empty();
        }
        final String part = matcher.group(2) == null ? "" : matcher.group(2).toLowerCase(Locale.ROOT);
        return Optional.of(file.key().substring(0, matcher.end(1)) + "#" + part + "/"
            + file.key().substring(matcher.end()));
    }

    @Override
    public boolean isLabel(final NiftiFile file) {
        return LABELS.matcher(file.path()).find();
    }

    @Override
    public boolean isImage(final NiftiFile file) {
        return !isLabel(file) && IMAGES.matcher(file.path()).find();
    }

    @Override
    public List<NiftiFile> candidates(final NiftiFile label, final List<NiftiFile> images) {
        final String key = key(LABELS, label).orElseThrow();
        final List<NiftiFile> same = images.stream().filter(i -> caseOf(i).equals(key)).toList();
        if (!same.isEmpty()) {
            return same;
        }
        final String folder = label.folder().isEmpty() ? "" : key.substring(0, key.lastIndexOf('/'));
        final List<NiftiFile> above = images.stream().filter(i -> caseOf(i).equals(folder)).toList();
        return !above.isEmpty() ? above : images.stream().filter(i -> sameFolder(i, key)
            && (LabelWords.sameNumber(i.stem(), label.stem()) || caseOf(i).equals(LabelWords.base(key)))).toList();
    }

    private boolean sameFolder(final NiftiFile image, final String key) {
        return caseOf(image).substring(0, caseOf(image).lastIndexOf('/')).equals(key.substring(0, key.lastIndexOf('/')));
    }

    /** A file in a folder that is called like an image shows one class of it. */
    @Override
    public Optional<String> className(final NiftiFile label) {
        final String key = key(LABELS, label).orElseThrow();
        return m_cases.contains(key) || !m_cases.contains(key.substring(0, key.lastIndexOf('/'))) ? Optional.empty()
            : Optional.of(LabelWords.base(label.stem()));
    }

    @Override
    public String neither(final NiftiFile file) {
        return "lies in neither a folder of images nor a folder of labels";
    }

    private String caseOf(final NiftiFile image) {
        final String key = key(IMAGES, image).orElseThrow();
        return m_channels ? withoutChannel(key) : key;
    }

    @Override
    public String subject(final NiftiFile image, final List<NiftiFile> labels) {
        // Training and test folders number the same subjects, not two of the same name.
        return caseOf(image).replaceFirst("#(tr|ts|val)?/", "");
    }

    @Override
    public String siteFolders(final NiftiFile file) {
        final Matcher matcher = isLabel(file) ? LABELS.matcher(file.path()) : IMAGES.matcher(file.path());
        return matcher.find() ? file.path().substring(0, matcher.end(1)) : "";
    }
}
