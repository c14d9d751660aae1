package org.scanbridge.dicom.privacy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What the Basic Application Level Confidentiality Profile does to each attribute (PS3.15 table E.1-1). Where the table
 * leaves a choice by the type of the attribute in its information object, the choice that leaves every object valid is
 * made: an empty value rather than none, a dummy rather than an empty value.
 */
final class BasicProfile {

    /** What is done to an attribute. */
    enum Action {
            /** Removed. */
            REMOVE,
            /** Left without a value. */
            EMPTY,
            /** Replaced by a dummy. */
            DUMMY,
            /** UIDs replaced by others, the same for the same. */
            UID,
            /** Kept; sequences are gone through. */
            KEEP
    }

    private static final Map<Integer, Action> ACTIONS = actions();

    private static final int CURVES = 0x50;

    private static final int OVERLAYS = 0x60;

    private BasicProfile() {
    }

    private static Map<Integer, Action> actions() {
        final Map<Integer, Action> map = new HashMap<>();
        try (InputStream in = BasicProfile.class.getResourceAsStream("basic-profile.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                final String[] words = line.split(" ");
                for (int w = 1; w < words.length && !words[0].equals("#"); w++) {
                    map.put(Integer.parseUnsignedInt(words[w], 16), action(words[0]));
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("The table of the profile in this library cannot be read", e);
        }
        return Map.copyOf(map);
    }

    private static Action action(final String code) {
        return switch (code) {
            case "X" -> Action.REMOVE;
            case "Z", "X/Z" -> Action.EMPTY;
            case "D", "Z/D", "X/D", "X/Z/D" -> Action.DUMMY;
            case "U" -> Action.UID;
            case "X/Z/U*" -> Action.KEEP; // references, whose UIDs are replaced
            default -> throw new IllegalStateException("Action " + code);
        };
    }

    /** The action for a standard attribute. */
    static Action of(final int tag) {
        final int group = tag >>> 24;
        if (group == CURVES || group == OVERLAYS) {
            return Action.REMOVE;
        }
        return ACTIONS.getOrDefault(tag, Action.KEEP);
    }
}
