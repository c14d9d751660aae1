package org.scanbridge.dicom.nifti.study;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.scanbridge.dicom.series.RaterFolderNames;
import org.scanbridge.dicom.series.RaterFolderNames.Split;

/**
 * Whose folder a label map lies in. Where any name will do, a folder is a rater's if it holds nothing but label maps: by their
 * names, because the folder lies in one of label maps, or because images beside it, or in a folder of images beside it, have the
 * names.
 */
final class RaterNames {

    private static final Pattern DERIVATIVES = Pattern.compile("(?:^|/)derivatives/([^/]+)/(?:.*/)?sub-[^/]+/");

    private static final Pattern LABELS =
        Pattern.compile("(?i)(?:.*/)?(?:labels?|masks?|segs?|segmentations?|gt|ground_?truth)(?:tr|ts|val)?/");

    private static final Pattern IMAGES = Pattern.compile("(?i)(?:.*/)?(?:images?|imgs?|volumes?)(?:tr|ts|val)?/");

    /** The channel at the end of an image's name (nnU-Net). */
    private static final Pattern CHANNEL = Pattern.compile("_\\d{4}$");

    private final RaterFolderNames m_names;

    /** Where any name will do, the folders that are raters'. */
    private final Set<String> m_folders;

    RaterNames(final RaterFolderNames names, final List<NiftiFile> files) {
        m_names = names;
        m_folders = names.isEach() ? folders(files) : Set.of();
    }

    private static Set<String> folders(final List<NiftiFile> files) {
        final Map<String, List<NiftiFile>> byFolder =
            files.stream().collect(Collectors.groupingBy(NiftiFile::folder, TreeMap::new, Collectors.toList()));
        final Set<String> folders = new HashSet<>();
        byFolder.forEach((folder, members) -> {
            final String parent = members.get(0).parent();
            final Set<String> beside = byFolder.getOrDefault(parent, List.of()).stream()
                .filter(f -> !LabelWords.isLabel(f.stem())).map(RaterNames::base).collect(Collectors.toSet());
            final Set<String> images = byFolder.entrySet().stream().filter(e -> IMAGES.matcher(e.getKey()).matches())
                .flatMap(e -> e.getValue().stream()).filter(f -> f.parent().equals(parent)).map(RaterNames::base)
                .collect(Collectors.toSet());
            final boolean called = IMAGES.matcher(folder).matches() || LABELS.matcher(folder).matches();
            if (!folder.isEmpty() && !called && (LABELS.matcher(parent).matches()
                || members.stream().allMatch(f -> isLabel(f, List.of(images, beside))))) {
                folders.add(folder);
            }
        });
        return folders;
    }

    private static boolean isLabel(final NiftiFile file, final Collection<Set<String>> images) {
        return LabelWords.isLabel(file.stem()) || images.stream().anyMatch(i -> i.contains(file.stem()));
    }

    private static String base(final NiftiFile image) {
        return CHANNEL.matcher(image.stem()).replaceFirst("");
    }

    /** Whether a folder, with a closing slash, is one of label maps by its name. */
    static boolean isOfLabels(final String folder) {
        return LABELS.matcher(folder).matches();
    }

    /** The path of a file without its rater; empty if it lies in no folder of one. */
    Optional<Split> split(final NiftiFile file) {
        return m_names.split(file.path()).filter(s -> !m_names.isEach() || m_folders.contains(file.folder()));
    }

    /** The folder of the rater of a label map: one that is called like a rater, that of BIDS derivatives, else its own. */
    String rater(final NiftiFile label) {
        final Optional<Split> split = split(label);
        if (split.isPresent()) {
            return split.get().rater();
        }
        final Matcher derivatives = DERIVATIVES.matcher(label.path());
        return derivatives.find() ? derivatives.group(1) : label.folderName();
    }
}
