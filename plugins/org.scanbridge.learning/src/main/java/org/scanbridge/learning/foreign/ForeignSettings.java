package org.scanbridge.learning.foreign;

import java.util.List;
import java.util.Optional;

import org.scanbridge.learning.architecture.NetworkRegion;

/**
 * What the user says about a network of other software; it goes before what its files say.
 *
 * @param axes order of the axes; empty if the files are to say it
 * @param channels number of input channels; 0 if the files are to say it
 * @param patch sizes of the blocks along i, j and k; 0 if the files are to say it
 * @param classes names of the classes without the background; empty if the files are to say it
 * @param regions what the outputs stand for, where it is neither the classes nor one region per class; empty otherwise
 * @param activation what makes probabilities of the output; empty if the files are to say it
 * @param output name of the output; empty for the first that has the size of the input
 */
public record ForeignSettings(Optional<AxisOrder> axes, int channels, List<Integer> patch, List<String> classes,
    List<NetworkRegion> regions, Optional<Activation> activation, String output) {

    /** Everything from the files. */
    public static final ForeignSettings NONE =
        new ForeignSettings(Optional.empty(), 0, List.of(0, 0, 0), List.of(), List.of(), Optional.empty(), "");

    /** Copies the lists. */
    public ForeignSettings {
        patch = List.copyOf(patch);
        classes = List.copyOf(classes);
        regions = List.copyOf(regions);
    }
}
