package org.scanbridge.dicom.nifti;

import java.util.Objects;

/**
 * Something about a NIfTI file that can be read but not taken as it stands.
 *
 * @param about what it concerns
 * @param message what was found and what is done about it
 * @param remedy what the user can do about it
 */
public record NiftiRemark(About about, String message, String remedy) {

    /** What a remark concerns. */
    public enum About {
            /** Where the voxels lie in the patient. */
            PLACE,
            /** How large the voxels are. */
            SIZE,
            /** Colors that become luminance. */
            COLOR
    }

    /** @throws NullPointerException if a component is null */
    public NiftiRemark {
        Objects.requireNonNull(about, "about");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remedy, "remedy");
    }
}
