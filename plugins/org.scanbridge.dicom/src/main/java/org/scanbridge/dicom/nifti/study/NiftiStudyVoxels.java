package org.scanbridge.dicom.nifti.study;

import java.io.Closeable;
import java.io.IOException;

import org.scanbridge.dicom.nifti.NiftiVolumes;
import org.scanbridge.imaging.volume.Volume;

/**
 * Reads the voxels of a study's images one after the other. Keeps the last file open, so that the volumes of a compressed
 * file, which follow each other in a study, are inflated once and not once per volume.
 */
public final class NiftiStudyVoxels implements Closeable {

    private NiftiVolumes m_open;

    /**
     * Reads the voxels of an image.
     *
     * @throws IOException if its file is broken or cannot be read; other images can still be read
     */
    public Volume read(final NiftiSeries series) throws IOException {
        if (m_open == null || !m_open.file().equals(series.file())) {
            close();
            m_open = new NiftiVolumes(series.file());
        }
        return series.readVolume(m_open);
    }

    @Override
    public void close() throws IOException {
        if (m_open != null) {
            final NiftiVolumes open = m_open;
            m_open = null;
            open.close();
        }
    }
}
