package org.knime.node;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectHolder;
import org.knime.core.webui.page.Page;
import org.knime.node.DefaultView.ViewInput;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.standin.PageView;
import org.knime.node.standin.persistence.NodeParametersPersistence;
import org.knime.node.standin.view.InitialDataEnvelope;
import org.knime.node.standin.view.RpcCall;

/** A {@link DefaultView} of one node. */
final class DefaultNodeView implements PageView, ViewInput {

    private final DefaultView m_view;

    private final PortObjectHolder m_holder;

    private NodeParameters m_parameters;

    private Map<String, Object> m_handlers;

    DefaultNodeView(final DefaultView view, final PortObjectHolder holder) {
        m_view = view;
        m_holder = holder;
    }

    @Override
    public Page getPage() {
        return m_view.page();
    }

    @Override
    public void loadSettings(final NodeSettingsRO settings) throws InvalidSettingsException {
        final Optional<Class<? extends NodeParameters>> type = m_view.parametersClass();
        if (type.isPresent()) {
            final NodeParameters parameters = settings == null ? NodeParametersPersistence.createDefaults(type.get())
                : NodeParametersPersistence.load(type.get(), settings);
            parameters.validate();
            m_parameters = parameters;
        }
    }

    @Override
    public synchronized Optional<String> callInitialData() {
        m_handlers = null;
        return m_view.initialData().map(data -> InitialDataEnvelope.of(() -> data.compute(this)));
    }

    @Override
    public synchronized Optional<String> callDataService(final String request) {
        return m_view.dataService().map(service -> {
            if (m_handlers == null) {
                m_handlers = service.createHandlers(this);
            }
            return RpcCall.answer(m_handlers, request);
        });
    }

    @Override
    @SuppressWarnings("unchecked")
    public <S extends NodeParameters> S getParameters() {
        return (S)m_parameters;
    }

    @Override
    public BufferedDataTable[] getInternalTables() {
        return Arrays.stream(getInternalPortObjects()).map(BufferedDataTable.class::cast)
            .toArray(BufferedDataTable[]::new);
    }

    @Override
    public PortObject[] getInternalPortObjects() {
        return m_holder.getInternalPortObjects();
    }
}
