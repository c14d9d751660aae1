package org.scanbridge.knime.nodes.segmentationpredictor;

import java.util.Arrays;
import java.util.List;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.ParameterReference;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.NameListSuggestions;

/** Offers the classes of the network for "Classes in one piece". */
final class NetworkClasses extends NameListSuggestions {

    NetworkClasses() {
        super(Setting.class);
    }

    @Override
    protected List<String> names(final NodeParametersInput context) {
        return Arrays.stream(context.getInPortSpecs()).filter(NetworkPortObjectSpec.class::isInstance)
            .flatMap(spec -> ((NetworkPortObjectSpec)spec).labels().names().values().stream()).toList();
    }

    /** Bound to the setting. */
    static final class Setting implements ParameterReference<String> {
    }
}
