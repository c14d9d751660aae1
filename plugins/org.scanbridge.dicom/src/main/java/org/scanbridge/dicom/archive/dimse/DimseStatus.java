package org.scanbridge.dicom.archive.dimse;

import java.util.Objects;

import org.scanbridge.dicom.archive.StatusCode;

/**
 * The status of a response (PS3.7 annex C), with what a retrieval's says of its sub-operations (PS3.7 tables 9.3-7, 9.3-9).
 *
 * @param code Status (0000,0900), 0 to 0xFFFF
 * @param comment Error Comment (0000,0902); empty if there is none
 * @param completed Number of Completed Suboperations (0000,1021); {@link #NOT_TOLD} if the response does not tell
 * @param failed Number of Failed Suboperations (0000,1022)
 * @param warnings Number of Warning Suboperations (0000,1023): sent, and the receiver warned of something
 */
public record DimseStatus(int code, String comment, int completed, int failed, int warnings) {

    /** Stands for "the response does not tell". */
    public static final int NOT_TOLD = -1;

    /** @throws IllegalArgumentException if the code does not have 16 bits */
    public DimseStatus {
        Objects.requireNonNull(comment, "comment");
        if (code >>> 16 != 0) {
            throw new IllegalArgumentException("Status " + code);
        }
    }

    /** A status that is no retrieval's. */
    public static DimseStatus of(final int code) {
        return new DimseStatus(code, "", NOT_TOLD, NOT_TOLD, NOT_TOLD);
    }

    /** Done as asked. */
    public boolean isSuccess() {
        return code == 0;
    }

    /** More responses follow. */
    public boolean isPending() {
        return code == 0xFF00 || code == 0xFF01;
    }

    /** Done, but something is to be said of it (PS3.7 annex C.1.2). */
    public boolean isWarning() {
        return code == 0x0001 || code == 0x0107 || code == 0x0116 || code >>> 12 == 0xB;
    }

    /** Out of resources: may go the next time. */
    public boolean isTemporary() {
        return code == 0x0213 || code >>> 8 == 0xA7 && code != 0xA702;
    }

    /** How many instances the peer sent; {@link #NOT_TOLD} if it does not tell. */
    public int sent() {
        return completed == NOT_TOLD && warnings == NOT_TOLD ? NOT_TOLD : Math.max(0, completed) + Math.max(0, warnings);
    }

    /** What the code means, with the code, and the peer's comment. */
    @Override
    public String toString() {
        return meaning() + String.format(" (%04XH)", code) + (comment.isEmpty() ? "" : ": " + comment);
    }

    /** What the service adds to the codes that all share: PS3.4 tables C.4-1, C.4-2, C.4-3. */
    private String meaning() {
        return switch (code) {
            case 0xA701 -> "no resources left to count the matches";
            case 0xA702 -> "no resources left to send the instances";
            case 0xA801 -> "the destination is not known";
            case 0xB000 -> failed == NOT_TOLD ? common() : "some instances were not sent";
            case 0xFE00 -> "ended before it was done";
            default -> common();
        };
    }

    private String common() {
        return StatusCode.meaning(code).orElseGet(this::meaningOfClass);
    }

    private String meaningOfClass() {
        return switch (code >>> 8) {
            case 0xA7 -> "no room or resources left";
            case 0xA9 -> "the question or object does not fit its kind (SOP class)";
            case 0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF ->
                "the archive cannot process it";
            default -> "a status that the standard does not know";
        };
    }
}
