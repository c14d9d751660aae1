package org.scanbridge.dicom.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The value representations of the standard's attributes (PS3.6 tables 6-1, 7-1, 8-1), for encodings that do not carry
 * them. Where the standard leaves a choice (US or SS, OB or OW) the first, or OW, is given.
 */
public final class Dictionary {

    private static final Map<Integer, VR> VRS = vrs();

    private Dictionary() {
    }

    /** The value representation of a tag; UN if the standard does not know it. */
    public static VR vr(final int tag) {
        if ((tag & 0xffff) == 0) {
            return VR.UL; // group length
        }
        if (Tag.isPrivate(tag)) {
            return (tag & 0xff00) == 0 && (tag & 0xff) >= 0x10 ? VR.LO : VR.UN; // private creator, private data
        }
        if (tag >>> 24 == 0x60) {
            return overlay(tag & 0xffff);
        }
        return VRS.getOrDefault(tag, VR.UN);
    }

    /** Overlay planes repeat in groups 6000, 6002, … (PS3.3 C.9.2). */
    private static VR overlay(final int element) {
        return switch (element) {
            case 0x0010, 0x0011, 0x0100, 0x0102 -> VR.US;
            case 0x0015 -> VR.IS;
            case 0x0050 -> VR.SS;
            case 0x0040 -> VR.CS;
            case 0x3000 -> VR.OW;
            default -> VR.UN;
        };
    }

    private static Map<Integer, VR> vrs() {
        final Map<Integer, VR> map = new HashMap<>();
        try (InputStream in = Dictionary.class.getResourceAsStream("dictionary.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                final String[] words = line.split(" ");
                if (!words[0].equals("#")) {
                    final VR vr = VR.valueOf(words[0]);
                    for (int w = 1; w < words.length; w++) {
                        map.put(Integer.parseUnsignedInt(words[w], 16), vr);
                    }
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("The list of attributes in this library cannot be read", e);
        }
        return Map.copyOf(map);
    }
}
