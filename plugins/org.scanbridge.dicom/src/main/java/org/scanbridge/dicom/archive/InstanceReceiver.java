package org.scanbridge.dicom.archive;

import java.io.IOException;
import java.io.InputStream;

/** Takes instances that an archive sends. */
@FunctionalInterface
public interface InstanceReceiver {

    /**
     * Takes one instance, reading the stream to its end.
     *
     * @param file the bytes of a file in the DICOM file format (PS3.10 section 7), with preamble and file meta information.
     *            A stream that breaks off throws an {@link ArchiveException} of the kind {@code BROKEN_ANSWER} instead of
     *            ending, so that an instance of which the end was read is whole
     * @throws IOException if it cannot be kept, or reading throws; what was kept of it until then is to be dropped
     */
    void receive(InputStream file) throws IOException;
}
