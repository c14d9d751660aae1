package org.scanbridge.knime.learn;

import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.tensorflow.DeviceChoice;

/** {@link DeviceChoice.Kind} with texts. */
public enum TrainingDevice {
        @Label(value = "Automatic", description = "The first GPU if there is one, else the processor.")
        AUTO, //
        @Label(value = "Processor", description = "The processor, even where there is a GPU: for results that repeat.")
        CPU, //
        @Label(value = "GPU", description = "A GPU of your choice. The node fails if it is not there.")
        GPU;

    /** Where the dialog's chosen device is found. */
    public static final class Reference implements ParameterReference<TrainingDevice> {
    }

    /** Whether the number of a GPU matters. */
    public static final class IsGpu implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(Reference.class).isOneOf(GPU);
        }
    }

    /**
     * @param gpu number of the GPU, counted from 0; does not matter for other devices
     * @throws IllegalArgumentException if it is negative
     */
    public DeviceChoice choice(final int gpu) {
        return new DeviceChoice(DeviceChoice.Kind.valueOf(name()), this == GPU ? gpu : 0);
    }
}
