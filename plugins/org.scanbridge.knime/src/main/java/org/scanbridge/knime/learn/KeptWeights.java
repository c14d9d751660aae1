package org.scanbridge.knime.learn;

import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.train.Stopping;

/** Which step's weights a trained network has. */
public enum KeptWeights {
        @Label(value = "Best validation", description = """
                Guards against learning the training images by heart. Without validation images it is the last step's.""")
        BEST, //
        @Label(value = "Last step", description = "For comparing trainings of the same length.")
        LAST;

    /** The same options with these weights. */
    public SegmentationOptions in(final SegmentationOptions options) {
        final Stopping stopping = options.stopping();
        return options.withStopping(new Stopping(stopping.measure(), stopping.patience(), this == BEST));
    }
}
