package org.scanbridge.learning.report;

import java.util.List;

/**
 * One row of pictures: a slice of a test subject, plain and with each segmentation drawn on it.
 *
 * @param caption what is shown, such as the subject, its site and its Dice
 * @param panels pictures from left to right
 * @param slice which slice it is, such as {@code axial slice 13 of 24}; empty if not known
 * @param letters of the patient's directions at the left, right, upper and lower side of the pictures; empty if not known
 * @param classes what the colors mean
 */
public record Overlay(String caption, List<Panel> panels, String slice, List<String> letters, List<ClassColor> classes) {

    /** @throws IllegalArgumentException if there are letters, but not four */
    public Overlay {
        if (!letters.isEmpty() && letters.size() != 4) {
            throw new IllegalArgumentException("letters of four sides are needed, not " + letters);
        }
        panels = List.copyOf(panels);
        letters = List.copyOf(letters);
        classes = List.copyOf(classes);
    }

    /**
     * @param title such as {@code reference} or the name of a model
     * @param png the picture as PNG file
     */
    public record Panel(String title, byte[] png) {
    }

    /**
     * @param name of a class
     * @param rgb its color as 0xRRGGBB
     */
    public record ClassColor(String name, int rgb) {
    }
}
