package org.scanbridge.dicom.nifti;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.ZipException;

import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * The volumes of one NIfTI file, such as times or channels. Read in their order they cost one pass over the file, also
 * where it is compressed; going back begins anew. Holds one volume's voxels at most, only while they are read.
 */
public final class NiftiVolumes implements Closeable {

    private final Path m_file;

    private final NiftiHeader m_header;

    private InputStream m_in;

    /** The volume that begins where the stream is. */
    private int m_next;

    /**
     * Reads the header.
     *
     * @param file the file; of a pair the .hdr file
     * @throws NiftiException if it is no NIfTI file, broken or of a kind that is not read
     * @throws IOException if it cannot be read
     */
    public NiftiVolumes(final Path file) throws IOException {
        m_file = file;
        m_header = NiftiReader.header(file);
    }

    /** Which file is read. */
    public Path file() {
        return m_file;
    }

    /**
     * Reads a volume.
     *
     * @param volume which one, from 0
     * @param info what the image is
     * @throws NiftiException if there is no such volume or the file is broken
     * @throws IOException if it cannot be read
     */
    public Volume read(final int volume, final VolumeInfo info) throws IOException {
        if (volume < 0 || volume >= m_header.volumes()) {
            throw new NiftiException(
                "There is no volume " + (volume + 1L) + "; the file holds " + m_header.volumes() + ".");
        }
        final Path data = NiftiReader.data(m_file, m_header, volume + 1);
        try {
            if (m_in == null || volume < m_next) {
                close();
                m_in = NiftiReader.open(data);
                m_in.skipNBytes(m_header.offset());
                m_next = 0;
            }
            m_in.skipNBytes((volume - m_next) * NiftiReader.volumeBytes(m_header));
            final float[] voxels = NiftiReader.read(m_in, m_header);
            m_next = volume + 1;
            return new Volume(voxels, m_header.geometry(), info);
        } catch (final IOException e) {
            // nobody knows where the stream is now
            close();
            throw e instanceof ZipException || e instanceof EOFException ? NiftiReader.tooShort(m_header, e) : e;
        }
    }

    @Override
    public void close() throws IOException {
        if (m_in != null) {
            final InputStream in = m_in;
            m_in = null;
            in.close();
        }
    }
}
