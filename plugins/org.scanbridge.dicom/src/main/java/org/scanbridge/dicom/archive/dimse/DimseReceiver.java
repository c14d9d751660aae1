package org.scanbridge.dicom.archive.dimse;

import java.io.InputStream;

/** Takes instances that an archive sends by C-STORE. */
@FunctionalInterface
public interface DimseReceiver {

    /**
     * Takes one instance.
     *
     * @param sopClass Affected SOP Class UID (0000,0002) of the request
     * @param sopInstance Affected SOP Instance UID (0000,1000) of the request
     * @param transferSyntax UID of that of the presentation context
     * @param dataSet the encoded data set; throws if the association breaks before its end
     * @return the status to answer with (PS3.4 table B.2-1). Throws nothing: whoever waits learns of it
     */
    int receive(String sopClass, String sopInstance, String transferSyntax, InputStream dataSet);
}
