package org.scanbridge.dicom.nifti.study;

import java.util.List;

/** Two patterns: an image and a label map belong together if the wildcards of both stand for the same. */
final class PatternPairing implements Pairing {

    private final NamePattern m_images;

    private final NamePattern m_labels;

    PatternPairing(final String images, final String labels) {
        m_images = new NamePattern(images);
        m_labels = new NamePattern(labels);
    }

    @Override
    public boolean isLabel(final NiftiFile file) {
        return m_labels.matches(file);
    }

    @Override
    public boolean isImage(final NiftiFile file) {
        return !isLabel(file) && m_images.matches(file);
    }

    @Override
    public List<NiftiFile> candidates(final NiftiFile label, final List<NiftiFile> images) {
        return images.stream().filter(i -> m_images.wildcards(i).equals(m_labels.wildcards(label))).toList();
    }

    @Override
    public String subject(final NiftiFile image, final List<NiftiFile> labels) {
        return m_images.wildcards(image).orElseThrow();
    }

    @Override
    public String siteFolders(final NiftiFile file) {
        return file.folder();
    }
}
