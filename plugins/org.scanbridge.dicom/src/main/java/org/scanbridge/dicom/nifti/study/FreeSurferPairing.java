package org.scanbridge.dicom.nifti.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * FreeSurfer's and FastSurfer's folders converted to NIfTI: {@code subject/mri/T1}, {@code …/aparc+aseg}. The files of such
 * a folder are stages of the work on one image, all on its grid; the first of T1, nu, orig, norm, brain and rawavg is read, and
 * T2 and FLAIR beside it. The label map is the first of aparc+aseg, its kin of FastSurfer, aseg, aparc.a2009s+aseg and
 * wmparc. brainmask is an image without skull, whatever its name says; ribbon, wm and filled are work of the program.
 */
final class FreeSurferPairing implements Pairing {

    private static final List<String> STAGES = List.of("T1", "nu", "orig", "norm", "brain", "rawavg", "brainmask", "nu_noneck");

    private static final Set<String> OTHERS = Set.of("T2", "FLAIR", "T2.norm", "FLAIR.norm");

    private static final List<String> LABELS = List.of("aparc+aseg", "aparc.DKTatlas+aseg", "aparc.DKTatlas+aseg.mapped",
        "aparc.DKTatlas+aseg.deep.withCC", "aparc.DKTatlas+aseg.deep", "aseg", "aparc.a2009s+aseg", "wmparc",
        "aseg.auto", "aseg.presurf", "aseg.auto_noCCseg");

    private final Map<String, List<String>> m_stems = new HashMap<>();

    private final boolean m_allStages;

    /** @param allStages whether every stage is an image, because the user names the one to read */
    FreeSurferPairing(final List<NiftiFile> files, final boolean allStages) {
        files.forEach(f -> m_stems.computeIfAbsent(f.folder(), k -> new ArrayList<>()).add(f.stem()));
        m_allStages = allStages;
    }

    /** The folders that look like this layout, with a closing slash. */
    static List<String> roots(final List<NiftiFile> files) {
        return files.stream().filter(f -> isLabelMap(f)
            && files.stream().anyMatch(i -> i.folder().equals(f.folder()) && STAGES.contains(i.stem())))
            .map(NiftiFile::folder).distinct().toList();
    }

    /** Whether a label map has a name that FreeSurfer gives. */
    static boolean isLabelMap(final NiftiFile file) {
        return LABELS.contains(file.stem());
    }

    @Override
    public boolean isLabel(final NiftiFile file) {
        return isLabelMap(file);
    }

    @Override
    public boolean isImage(final NiftiFile file) {
        if (OTHERS.contains(file.stem()) || m_allStages && STAGES.contains(file.stem())) {
            return true;
        }
        final List<String> stems = m_stems.getOrDefault(file.folder(), List.of());
        return STAGES.stream().filter(stems::contains).findFirst().filter(s -> s.equals(file.stem())).isPresent();
    }

    @Override
    public String neither(final NiftiFile file) {
        return STAGES.contains(file.stem())
            ? "is another stage of the same image by FreeSurfer's rules; name it in \"Images\" to read it instead"
            : "is neither an image nor a label map by FreeSurfer's rules";
    }

    @Override
    public List<NiftiFile> candidates(final NiftiFile label, final List<NiftiFile> images) {
        return images.stream().filter(i -> i.folder().equals(label.folder())).toList();
    }

    @Override
    public int rank(final NiftiFile label) {
        return LABELS.indexOf(label.stem());
    }

    @Override
    public Optional<String> ranksAfter(final NiftiFile label) {
        return Optional.of("ranks after another label map of its folder by the order aparc+aseg, aseg, aparc.a2009s+aseg,"
            + " wmparc");
    }

    @Override
    public String subject(final NiftiFile image, final List<NiftiFile> labels) {
        final String folder = image.folderName().equals("mri") ? image.parent() : image.folder();
        return folder.isEmpty() ? image.key() : folder;
    }

    @Override
    public String siteFolders(final NiftiFile file) {
        final String subject = subject(file, List.of());
        return subject.endsWith("/") ? subject.substring(0, subject.lastIndexOf('/', subject.length() - 2) + 1) : "";
    }
}
