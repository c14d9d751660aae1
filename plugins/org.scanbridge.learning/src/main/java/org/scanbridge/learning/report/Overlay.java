package org.scanbridge.learning.report;

import java.util.List;

/**
 * One row of pictures: a slice of a test subject, plain and with each segmentation drawn on it.
 *
 * @param caption what is shown, such as the subject, its site and its Dice
 * @param panels pictures from left to right
 */
public record Overlay(String caption, List<Panel> panels) {

    /**
     * @param title such as {@code reference} or the name of a model
     * @param png the picture as PNG file
     */
    public record Panel(String title, byte[] png) {
    }
}
