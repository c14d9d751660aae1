package org.scanbridge.dicom.nifti.study;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.scanbridge.dicom.series.RaterFolderNames.Split;

/**
 * Folders of raters between label maps and their images, where folders tell raters: {@code labelsTr/rater1/case},
 * {@code rater1/case_seg} beside {@code images/case}, and {@code case/rater1/seg} beside {@code case/t1}. Label maps are
 * paired as if their rater's folder were not there.
 */
final class RaterFolders implements Pairing {

    private static final Pattern IMAGES = Pattern.compile("(?i)(?:images?|imgs?|volumes?)(tr|ts|val)?/.*");

    private final Pairing m_pairing;

    private final Map<NiftiFile, NiftiFile> m_places;

    private final Map<NiftiFile, NiftiFile> m_files = new HashMap<>();

    /**
     * @param raters tells which folders are raters'
     * @param pairing pairs files by their paths without the folders of raters
     */
    RaterFolders(final List<NiftiFile> files, final RaterNames raters, final Function<List<NiftiFile>, Pairing> pairing) {
        m_places = new LinkedHashMap<>();
        final List<NiftiFile> others = files.stream().filter(f -> raters.split(f).isEmpty()).toList();
        final Set<String> folders = others.stream().filter(f -> !LabelWords.isLabel(f.stem())).map(NiftiFile::folder)
            .collect(Collectors.toSet());
        for (final NiftiFile file : files) {
            final NiftiFile place = new NiftiFile(file.file(), place(file, raters.split(file), others, folders));
            m_places.put(file, place);
            m_files.put(place, file);
        }
        m_pairing = pairing.apply(List.copyOf(m_places.values()));
    }

    /** Where a file would lie without raters; where it lies if that is by no image. */
    private static String place(final NiftiFile file, final Optional<Split> rater, final List<NiftiFile> others,
        final Set<String> folders) {
        if (rater.isEmpty()) {
            return file.path();
        }
        final String before = rater.get().before();
        final String after = rater.get().after();
        if (RaterNames.isOfLabels(before)) {
            return before + after;
        }
        final Optional<Matcher> images = others.stream().filter(f -> f.path().startsWith(before))
            .map(f -> IMAGES.matcher(f.path().substring(before.length()))).filter(Matcher::matches).findFirst();
        if (images.isPresent()) {
            final String part = images.get().group(1);
            return before + "labels" + (part == null ? "" : part) + "/" + after;
        }
        final String name = after.substring(after.lastIndexOf('/') + 1);
        final String beside = before + after.substring(0, after.length() - name.length());
        return folders.contains(beside) ? beside + "segmentations/" + name : file.path();
    }

    private NiftiFile place(final NiftiFile file) {
        return m_places.get(file);
    }

    private List<NiftiFile> places(final List<NiftiFile> files) {
        return files.stream().map(this::place).toList();
    }

    @Override
    public boolean isLabel(final NiftiFile file) {
        return m_pairing.isLabel(place(file));
    }

    @Override
    public boolean isImage(final NiftiFile file) {
        return m_pairing.isImage(place(file));
    }

    @Override
    public List<NiftiFile> candidates(final NiftiFile label, final List<NiftiFile> images) {
        return m_pairing.candidates(place(label), places(images)).stream().map(m_files::get).toList();
    }

    @Override
    public String subject(final NiftiFile image, final List<NiftiFile> labels) {
        return m_pairing.subject(place(image), places(labels));
    }

    @Override
    public String siteFolders(final NiftiFile file) {
        return m_pairing.siteFolders(place(file));
    }

    @Override
    public Optional<String> className(final NiftiFile label) {
        return m_pairing.className(place(label));
    }

    @Override
    public int rank(final NiftiFile label) {
        return m_pairing.rank(place(label));
    }

    @Override
    public Optional<String> ranksAfter(final NiftiFile label) {
        return m_pairing.ranksAfter(place(label));
    }

    @Override
    public Optional<String> otherSpace(final NiftiFile label) {
        return m_pairing.otherSpace(place(label));
    }

    @Override
    public String neither(final NiftiFile file) {
        return m_pairing.neither(place(file));
    }
}
