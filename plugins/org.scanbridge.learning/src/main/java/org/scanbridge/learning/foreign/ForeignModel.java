package org.scanbridge.learning.foreign;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The files of a network of other software, and how to talk to it. What goes in and comes out beyond that - channels, classes,
 * sizes - is in the network's {@link org.scanbridge.learning.architecture.NetworkSpec}.
 *
 * @param path the ONNX file, or the directory of the SavedModel
 * @param input name of the input
 * @param output name of the output
 * @param axes order of the axes of both
 * @param activation what makes probabilities of the output
 * @param blocks how many blocks a call must have; 0 for any number
 * @param sha256 hash of the files, see {@link ForeignFiles#sha256}
 * @param parts locations of the files that the ONNX file keeps weights in, see {@link ForeignFiles#part}; mostly none
 */
public record ForeignModel(Path path, String input, String output, AxisOrder axes, Activation activation, int blocks,
    String sha256, List<String> parts) {

    /** @throws NullPointerException if something is missing */
    public ForeignModel {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(axes, "axes");
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(sha256, "sha256");
        parts = List.copyOf(parts);
        if (blocks < 0) {
            throw new IllegalArgumentException("Blocks per call " + blocks + ": 0 or more.");
        }
    }

    /** The same in another place. */
    public ForeignModel at(final Path place) {
        return new ForeignModel(place, input, output, axes, activation, blocks, sha256, parts);
    }

    /** The same with another number of blocks per call. */
    public ForeignModel withBlocks(final int number) {
        return new ForeignModel(path, input, output, axes, activation, number, sha256, parts);
    }
}
