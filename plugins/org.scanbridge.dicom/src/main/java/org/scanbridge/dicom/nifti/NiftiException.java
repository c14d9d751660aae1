package org.scanbridge.dicom.nifti;

import java.io.IOException;

/** A NIfTI file that cannot be used; the message says why, with the values. */
public final class NiftiException extends IOException {

    private static final long serialVersionUID = 1L;

    /** @param message names field and value */
    public NiftiException(final String message) {
        super(message);
    }

    /** A defect that another library found in the data. */
    public NiftiException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
