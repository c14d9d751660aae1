package org.scanbridge.dicom.data;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Unique identifiers: those of the standard that are used here, and new ones. */
public final class Uid {

    /** MR Image Storage. */
    public static final String MR_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.4";

    /** CT Image Storage. */
    public static final String CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";

    /** Positron Emission Tomography Image Storage. */
    public static final String PET_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.128";

    /** Computed Radiography Image Storage. */
    public static final String CR_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.1";

    /** Digital X-Ray Image Storage - For Presentation. */
    public static final String DX_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.1.1";

    /** Secondary Capture Image Storage. */
    public static final String SECONDARY_CAPTURE_STORAGE = "1.2.840.10008.5.1.4.1.1.7";

    /** Segmentation Storage. */
    public static final String SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";

    /** Label Map Segmentation Storage. */
    public static final String LABEL_MAP_STORAGE = "1.2.840.10008.5.1.4.1.1.66.7";

    /** RT Structure Set Storage. */
    public static final String RT_STRUCTURE_SET_STORAGE = "1.2.840.10008.5.1.4.1.1.481.3";

    /** Media Storage Directory Storage: a DICOMDIR. */
    public static final String MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10";

    private Uid() {
    }

    /**
     * A new UID, the same for the same seed: {@code 2.25.} and the decimal value of a name-based UUID made from SHA-256
     * of the seed (PS3.5 annex B.2, RFC 9562 version 8).
     */
    public static String derived(final String seed) {
        final byte[] hash;
        try {
            hash = MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        final byte[] uuid = Arrays.copyOf(hash, 16);
        uuid[6] = (byte)(uuid[6] & 0x0f | 0x80);
        uuid[8] = (byte)(uuid[8] & 0x3f | 0x80);
        return "2.25." + new BigInteger(1, uuid);
    }
}
