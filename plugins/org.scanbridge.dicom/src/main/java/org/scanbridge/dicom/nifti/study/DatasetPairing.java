package org.scanbridge.dicom.nifti.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.scanbridge.dicom.series.Raters;

/**
 * Finds out the layout, data set by data set: sites of one study need not be laid out alike. A data set is what lies below
 * the folder in which folders of images and labels, subjects of BIDS or a subject of FreeSurfer lie; what lies in none is
 * paired by the endings of names.
 */
final class DatasetPairing implements Pairing {

    private final Map<NiftiFile, Pairing> m_pairings = new HashMap<>();

    /**
     * @param allStages see {@link FreeSurferPairing}
     * @param raters see {@link EndingPairing}
     */
    DatasetPairing(final List<NiftiFile> files, final boolean allStages, final Raters.Rule raters) {
        final Map<String, Kind> roots = new TreeMap<>();
        final List<String> folders = FolderPairing.roots(files);
        // Files of the Decathlon's layout may have the names of subjects of BIDS.
        BidsPairing.roots(files.stream()
            .filter(f -> !(FolderPairing.claims(f) && folders.stream().anyMatch(f.path()::startsWith))).toList())
            .forEach(r -> roots.put(r, Kind.BIDS));
        folders.forEach(r -> roots.put(r, Kind.FOLDERS));
        FreeSurferPairing.roots(files).forEach(r -> roots.put(r, Kind.FREESURFER));
        final List<String> deepest =
            roots.keySet().stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
        final Map<Kind, List<NiftiFile>> parts = new LinkedHashMap<>();
        for (final NiftiFile file : files) {
            final Kind kind = deepest.stream().filter(file.path()::startsWith).findFirst().map(roots::get)
                .orElse(Kind.ENDINGS);
            parts.computeIfAbsent(kind, k -> new ArrayList<>()).add(file);
        }
        parts.forEach((kind, part) -> {
            final Pairing pairing = switch (kind) {
                case FOLDERS -> new FolderPairing(part);
                case BIDS -> new BidsPairing(part);
                case FREESURFER -> new FreeSurferPairing(part, allStages);
                case ENDINGS -> new EndingPairing(part, raters);
            };
            part.forEach(f -> m_pairings.put(f, pairing));
        });
    }

    private enum Kind {
            FOLDERS, BIDS, FREESURFER, ENDINGS
    }

    private Pairing of(final NiftiFile file) {
        return m_pairings.get(file);
    }

    private List<NiftiFile> sameLayout(final NiftiFile file, final List<NiftiFile> others) {
        return others.stream().filter(o -> of(o) == of(file)).toList();
    }

    @Override
    public boolean isLabel(final NiftiFile file) {
        return of(file).isLabel(file);
    }

    @Override
    public boolean isImage(final NiftiFile file) {
        return of(file).isImage(file);
    }

    @Override
    public List<NiftiFile> candidates(final NiftiFile label, final List<NiftiFile> images) {
        return of(label).candidates(label, sameLayout(label, images));
    }

    @Override
    public String subject(final NiftiFile image, final List<NiftiFile> labels) {
        return of(image).subject(image, sameLayout(image, labels));
    }

    @Override
    public String siteFolders(final NiftiFile file) {
        return of(file).siteFolders(file);
    }

    @Override
    public Optional<String> className(final NiftiFile label) {
        return of(label).className(label);
    }

    @Override
    public int rank(final NiftiFile label) {
        return of(label).rank(label);
    }

    @Override
    public Optional<String> ranksAfter(final NiftiFile label) {
        return of(label).ranksAfter(label);
    }

    @Override
    public Optional<String> otherSpace(final NiftiFile label) {
        return of(label).otherSpace(label);
    }

    @Override
    public String neither(final NiftiFile file) {
        return of(file).neither(file);
    }
}
