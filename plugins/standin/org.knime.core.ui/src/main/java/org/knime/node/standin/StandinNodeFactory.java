package org.knime.node.standin;

import java.util.Optional;

import org.knime.core.node.NodeModel;
import org.knime.node.parameters.NodeParameters;

/** What the stand-in's executor, page server, tests and documentation ask a factory; KNIME does not have it. */
public interface StandinNodeFactory {

    /** @return the class of the parameters stored under {@code model} */
    Optional<Class<? extends NodeParameters>> getModelParametersClass();

    /** @return the class of the parameters stored under {@code view} */
    Optional<Class<? extends NodeParameters>> getViewParametersClass();

    /**
     * @param model a model this factory made; the view shows its internal data
     * @return the view, if the node has one
     */
    Optional<PageView> createView(NodeModel model);
}
