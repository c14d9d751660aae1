package org.scanbridge.dicom.privacy;

import org.scanbridge.dicom.data.Dictionary;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.privacy.BasicProfile.Action;

/** Tells attributes that may say who a patient is from those that only say how an image was made. */
public final class Identifying {

    private Identifying() {
    }

    /**
     * Whether an attribute may identify a patient, directly or together with others: the Basic Profile of PS3.15 does not
     * keep it, it is private, or the standard does not know it.
     */
    public static boolean mayIdentify(final int tag) {
        return Tag.isPrivate(tag) || Dictionary.vr(tag) == VR.UN || BasicProfile.of(tag) != Action.KEEP;
    }
}
