package org.scanbridge.learning.foreign;

import java.util.List;
import java.util.Map;

/**
 * What a file of other software says about its network.
 *
 * @param inputs arrays that have to be fed in
 * @param outputs arrays that come out
 * @param lastOperation by output, the type of the operation that makes it, such as {@code Softmax}; without outputs of which it
 *            is not known
 * @param metadata entries that describe the network, by key
 * @param producer name and version of what wrote it; may be empty
 * @param parts locations of further files that hold weights, relative to its folder; see {@link ForeignFiles#part}
 */
public record ForeignHeader(List<Value> inputs, List<Value> outputs, Map<String, String> lastOperation,
    Map<String, String> metadata, String producer, List<String> parts) {

    /**
     * An array.
     *
     * @param name its name
     * @param floats whether its numbers are floats of 16, 32 or 64 bits
     * @param sizes of its axes, -1 for one that is chosen when the network is run; empty if not even their number is known
     */
    public record Value(String name, boolean floats, List<Long> sizes) {

        @Override
        public String toString() {
            return "\"" + name + "\" " + (sizes.isEmpty() ? "of any shape"
                : sizes.toString().replace("-1", "?")) + (floats ? "" : " (no floats)");
        }
    }
}
