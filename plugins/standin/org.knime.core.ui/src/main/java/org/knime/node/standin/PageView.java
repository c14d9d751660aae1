package org.knime.node.standin;

import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.webui.page.Page;

/** The view of one node, as an embedding page server calls it. */
public interface PageView {

    /** @return the page and its resources */
    Page getPage();

    /**
     * Loads and validates the view's parameters. Until this was called the view has none.
     *
     * @param settings the sub-tree {@code view} of the node's settings; null for the defaults
     * @throws InvalidSettingsException if the settings are not valid
     */
    void loadSettings(NodeSettingsRO settings) throws InvalidSettingsException;

    /**
     * Computes what the page starts with. The handlers of the data service are renewed at this call only.
     *
     * @return JSON, one of {@code {"result":…}}, {@code {"userError":…}}, {@code {"internalError":…}}; empty if the
     *         view has no initial data
     */
    Optional<String> callInitialData();

    /**
     * Calls a method of the data service.
     *
     * @param request a JSON-RPC 2.0 request
     * @return the JSON-RPC 2.0 response; empty if the view has no data service
     */
    Optional<String> callDataService(String request);
}
