package org.scanbridge.dicom.nifti.study;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Label maps beside their images, told by how their names end: {@code case_seg} belongs to {@code case} if there is such
 * an image, else to all images {@code case_…} of the folder.
 */
final class EndingPairing implements Pairing {

    private static final Pattern LABEL =
        Pattern.compile("(?i)(.+?)[_.-](?:seg|dseg|label|labels|labelmap|mask|gt|groundtruth|segmentation|manual|lesions?"
            + "|roi)");

    private static String base(final NiftiFile label) {
        final Matcher matcher = LABEL.matcher(label.stem());
        return matcher.matches() ? matcher.group(1) : label.stem();
    }

    @Override
    public boolean isLabel(final NiftiFile file) {
        return LABEL.matcher(file.stem()).matches();
    }

    @Override
    public boolean isImage(final NiftiFile file) {
        return !isLabel(file);
    }

    @Override
    public List<NiftiFile> candidates(final NiftiFile label, final List<NiftiFile> images) {
        final String base = base(label);
        final List<NiftiFile> same = images.stream().filter(i -> i.folder().equals(label.folder())).toList();
        final List<NiftiFile> exact = same.stream().filter(i -> i.stem().equals(base)).toList();
        return exact.isEmpty() ? same.stream().filter(i -> isPartOf(i, base)).toList() : exact;
    }

    private static boolean isPartOf(final NiftiFile image, final String base) {
        final String stem = image.stem();
        return stem.length() > base.length() && stem.startsWith(base) && "_.-".indexOf(stem.charAt(base.length())) >= 0;
    }

    /** An image whose name goes on from that of a labeled one counts as the same subject: never split a subject. */
    @Override
    public String subject(final NiftiFile image, final List<NiftiFile> labels) {
        return labels.stream().filter(l -> !candidates(l, List.of(image)).isEmpty()).findFirst()
            .map(l -> l.folder() + base(l)).orElse(image.key());
    }

    @Override
    public String siteFolders(final NiftiFile file) {
        return file.folder();
    }
}
