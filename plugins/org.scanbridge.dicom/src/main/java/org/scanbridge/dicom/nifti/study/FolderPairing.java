package org.scanbridge.dicom.nifti.study;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files of the same name in folders of images and of labels; images may end with the four digits of a channel. */
final class FolderPairing implements Pairing {

    private static final Pattern IMAGES = Pattern.compile("(?i)(^|/)(?:images?|imgs?|volumes?)(tr|ts|val)?/");

    private static final Pattern LABELS =
        Pattern.compile("(?i)(^|/)(?:labels?|masks?|segs?|segmentations?|gt|ground_?truth)(tr|ts|val)?/");

    private static final Pattern CHANNEL = Pattern.compile("_\\d{4}$");

    /** Whether files end with channel numbers, as nnU-Net's do. */
    private final boolean m_channels;

    FolderPairing(final List<NiftiFile> files) {
        final List<String> labels = files.stream().filter(this::isLabel).map(f -> key(LABELS, f).orElseThrow()).toList();
        final List<String> images = files.stream().filter(this::isImage).map(f -> key(IMAGES, f).orElseThrow()).toList();
        final List<String> stripped = images.stream().map(FolderPairing::withoutChannel).toList();
        m_channels = labels.isEmpty()
            ? images.stream().allMatch(i -> CHANNEL.matcher(i).find()) && stripped.stream().distinct().count() > 1
            : stripped.stream().anyMatch(labels::contains) && images.stream().noneMatch(labels::contains);
    }

    /** Whether a folder looks like this layout. */
    static boolean fits(final List<NiftiFile> files) {
        return files.stream().anyMatch(f -> IMAGES.matcher(f.path()).find())
            && files.stream().anyMatch(f -> LABELS.matcher(f.path()).find());
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
        return images.stream().filter(i -> caseOf(i).equals(key)).toList();
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
