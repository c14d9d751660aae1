package org.scanbridge.dicom.web;

/** Failure and Warning Reasons in words (PS3.18 annex I, PS3.4 table B.2-1, PS3.7 annex C). */
final class StoreReason {

    /** Duplicate SOP Instance. */
    static final int DUPLICATE = 0x0111;

    private StoreReason() {
    }

    /** What a code means; with the code, so that an administrator can look it up. */
    static String words(final int code) {
        return meaning(code) + String.format(" (%04XH)", code);
    }

    private static String meaning(final int code) {
        switch (code) {
            case 0x0105:
                return "no such attribute";
            case 0x0106:
                return "invalid attribute value";
            case 0x0110:
                return "processing failure";
            case DUPLICATE:
                return "the archive has this instance already";
            case 0x0112:
                return "no such object instance";
            case 0x0117:
                return "invalid object instance";
            case 0x0118:
                return "no such SOP class";
            case 0x0119:
                return "class and instance do not belong together";
            case 0x0122:
                return "this kind of object (SOP class) is not supported";
            case 0x0124:
                return "not authorized";
            case 0x0131:
                return "this user may not store this object";
            case 0xB000:
                return "attributes were changed by the archive";
            case 0xB006:
                return "attributes were dropped by the archive";
            case 0xB007:
                return "the object does not fit its kind (SOP class)";
            case 0xC122:
                return "this compression (transfer syntax) is not supported";
            default:
                return switch (code >>> 8) {
                    case 0xA7 -> "the archive has no room or resources left";
                    case 0xA9 -> "the object does not fit its kind (SOP class)";
                    case 0xC0, 0xC1, 0xC2, 0xC3 -> "the archive cannot understand the object";
                    default -> "no reason that the standard knows";
                };
        }
    }
}
