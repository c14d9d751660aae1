package org.scanbridge.dicom.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;

import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;

/** Tells the failures of an answer that breaks off, is corrupt or does not go on from those of whoever reads it. */
final class AnswerStream extends FilterInputStream {

    private final String m_archive;

    /** @param archive its name for messages */
    AnswerStream(final InputStream in, final String archive) {
        super(in);
        m_archive = archive;
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (final IOException e) {
            throw broken(e);
        }
    }

    @Override
    public int read(final byte[] target, final int offset, final int length) throws IOException {
        try {
            return super.read(target, offset, length);
        } catch (final IOException e) {
            throw broken(e);
        }
    }

    private IOException broken(final IOException e) {
        if (e instanceof ArchiveException) {
            return e;
        }
        return new ArchiveException(Kind.BROKEN_ANSWER, "The answer of the archive " + m_archive + " broke off ("
            + (e instanceof HttpTimeoutException ? e.getMessage() : e.getClass().getSimpleName()) + ").", e);
    }
}
