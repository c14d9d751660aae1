package org.scanbridge.dicom.nifti.study;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How names tell label maps from images where no layout does: {@code case_seg}, {@code segmentation} alone in the folder of
 * a case (KiTS) and {@code segmentation-7} beside {@code volume-7} (LiTS).
 */
final class LabelWords {

    private static final String WORDS = "seg|dseg|segs|labels?|labelmap|masks?|msk|gt|ground_?truth|segmentations?|manual|lesions?"
        + "|roi|rois|annotations?|wmh|synthseg";

    private static final Pattern ENDING = Pattern.compile("(?i)(.+?)[_.-](?:" + WORDS + ")");

    private static final Pattern ALONE = Pattern.compile("(?i)" + WORDS);

    private static final Pattern BEGINNING = Pattern.compile("(?i)(?:" + WORDS + ")([_.-]?\\d.*)");

    /** What images are called where label maps have names such as {@code segmentation-7}. */
    private static final Pattern IMAGE =
        Pattern.compile("(?i)(?:volumes?|vol|images?|img|imaging|scan|ct|mri?|t1|t2|flair|pet)");

    /** Folders of label maps beside images. */
    private static final Pattern FOLDER = Pattern.compile("(?i)(?:" + WORDS + "|structures?|organs?|totalseg(?:mentator)?)");

    /** Words that are the name of a structure too. */
    private static final Pattern STRUCTURE = Pattern.compile("(?i)(?:.+[_.-])?(lesions?|wmh|rois?)");

    /** What tells a rater: a word and a number or letter, such as {@code rater1}, {@code reader-B} or {@code r2}. */
    private static final Pattern RATER = Pattern.compile("(?i)(^|[_.-])(?:(?:rater|reader|observer|annotator|reviewer|expert"
        + "|radiologist|obs|rad)[_.-]?(?:\\d{1,3}|[a-z])|r\\d{1,2})(?=$|[_.-])");

    private LabelWords() {
    }

    static boolean isLabel(final String stem) {
        return ENDING.matcher(stem).matches() || ALONE.matcher(stem).matches() || BEGINNING.matcher(stem).matches();
    }

    /** Whether a folder's name, without path, is one of label maps. */
    static boolean isFolder(final String name) {
        return FOLDER.matcher(name).matches();
    }

    /** The name without the ending that says that it is a label map; the whole name if it has none. */
    static String base(final String stem) {
        final Matcher matcher = ENDING.matcher(stem);
        return matcher.matches() ? matcher.group(1) : ALONE.matcher(stem).matches() ? "" : stem;
    }

    /** Whether a name is or ends with a word for label maps that is the name of a structure too, such as lesion. */
    static boolean endsWithStructure(final String stem) {
        return STRUCTURE.matcher(stem).matches();
    }

    /** The last word of a name that {@linkplain #endsWithStructure ends with a structure}. */
    static String ending(final String stem) {
        final Matcher matcher = STRUCTURE.matcher(stem);
        return matcher.matches() ? matcher.group(1) : "";
    }

    /** The name without what tells a rater. */
    static String withoutRater(final String name) {
        final String rest = RATER.matcher(name).replaceAll("");
        return rest.equals(name) ? name : rest.replaceFirst("^[_.-]", "");
    }

    /** Whether an image and a label map are called such as {@code volume-7} and {@code segmentation-7}. */
    static boolean sameNumber(final String image, final String label) {
        final Optional<String> number = number(label);
        return number.isPresent() && image.length() > number.get().length() && image.endsWith(number.get())
            && IMAGE.matcher(image.substring(0, image.length() - number.get().length())).matches();
    }

    /** What follows the word in {@code segmentation-7}. */
    private static Optional<String> number(final String label) {
        final Matcher matcher = BEGINNING.matcher(label);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Whether a name goes on from a shorter one after a separator. */
    static boolean goesOn(final String stem, final String base) {
        return base.isEmpty() || stem.length() > base.length() && stem.startsWith(base)
            && "_.-".indexOf(stem.charAt(base.length())) >= 0;
    }
}
