package org.scanbridge.dicom.web;

import org.scanbridge.dicom.archive.StatusCode;

/** Failure and Warning Reasons in words (PS3.18 annex I, PS3.4 table B.2-1). */
final class StoreReason {

    private StoreReason() {
    }

    /** What a code means; with the code, so that an administrator can look it up. */
    static String words(final int code) {
        return StatusCode.meaning(code).orElseGet(() -> meaningOfStoring(code)) + String.format(" (%04XH)", code);
    }

    private static String meaningOfStoring(final int code) {
        return switch (code) {
            case 0x0131 -> "this user may not store this object";
            case 0xC122 -> "this compression (transfer syntax) is not supported";
            default -> switch (code >>> 8) {
                case 0xA7 -> "the archive has no room or resources left";
                case 0xA9 -> "the object does not fit its kind (SOP class)";
                case 0xC0, 0xC1, 0xC2, 0xC3 -> "the archive cannot understand the object";
                default -> "no reason that the standard knows";
            };
        };
    }
}
