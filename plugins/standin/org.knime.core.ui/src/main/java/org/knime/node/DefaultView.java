package org.knime.node;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.port.PortObject;
import org.knime.core.webui.page.Page;
import org.knime.core.webui.page.Page.RequireFromFileOrString;
import org.knime.node.parameters.NodeParameters;

/** The view of a node: a page, the data it starts with, and methods the page can call. */
public final class DefaultView {

    private final Class<? extends NodeParameters> m_parametersClass;

    private final String m_description;

    private final Page m_page;

    private DefaultInitialData<?> m_initialData;

    private DefaultDataService m_dataService;

    private DefaultView(final Class<? extends NodeParameters> parametersClass, final String description,
        final Page page) {
        m_parametersClass = parametersClass;
        m_description = description;
        m_page = page;
    }

    static RequireViewParameters create() {
        return parametersClass -> description -> page -> new DefaultView(parametersClass, description,
            page.apply(Page.create()));
    }

    /**
     * Sets the data the page starts with. Define it always: handlers of the data service are renewed only when
     * initial data is requested.
     *
     * @param initialData makes the data
     * @return this
     */
    public <D> DefaultView initialData(final Function<RequireInitialData, DefaultInitialData<D>> initialData) {
        m_initialData = initialData.apply(new RequireInitialData() {
            @Override
            public <T> DefaultInitialData<T> data(final Function<ViewInput, T> data) {
                return new DefaultInitialData<>(data);
            }
        });
        return this;
    }

    /**
     * Sets the methods the page can call.
     *
     * @param dataService makes the handlers
     * @return this
     */
    public DefaultView dataService(final Function<RequireDataService, DefaultDataService> dataService) {
        m_dataService = dataService.apply(new RequireDataService() {
            @Override
            public SingleHandlerDataService handler(final Function<ViewInput, Object> handler) {
                return new SingleHandlerDataService(handler);
            }

            @Override
            public MultipleNamedHandlersDataService addHandler(final String name,
                final Function<ViewInput, Object> handler) {
                return new MultipleNamedHandlersDataService().addHandler(name, handler);
            }
        });
        return this;
    }

    Optional<Class<? extends NodeParameters>> parametersClass() {
        return Optional.ofNullable(m_parametersClass);
    }

    String description() {
        return m_description;
    }

    Page page() {
        return m_page;
    }

    Optional<DefaultInitialData<?>> initialData() {
        return Optional.ofNullable(m_initialData);
    }

    Optional<DefaultDataService> dataService() {
        return Optional.ofNullable(m_dataService);
    }

    /** Asks for the class of the view's parameters. */
    @FunctionalInterface
    public interface RequireViewParameters {

        /** @param parametersClass a class with a constructor without arguments */
        RequireDescription parametersClass(Class<? extends NodeParameters> parametersClass);

        /** For a view without settings. */
        default RequireDescription withoutParameters() {
            return parametersClass(null);
        }
    }

    /** Asks for the description of the view. */
    @FunctionalInterface
    public interface RequireDescription {

        /** @param description what is seen; the markup of node descriptions is allowed */
        RequirePage description(String description);
    }

    /** Asks for the page. */
    @FunctionalInterface
    public interface RequirePage {

        /** @param page makes the page */
        DefaultView page(Function<RequireFromFileOrString, Page> page);
    }

    /** What a view knows. */
    public interface ViewInput {

        /** @return the view's parameters; null before its settings were applied */
        <S extends NodeParameters> S getParameters();

        /** @return the internal data, all being tables; fails when the node is not executed */
        BufferedDataTable[] getInternalTables();

        /** @return the internal data set by the execution; null when the node is not executed */
        PortObject[] getInternalPortObjects();
    }

    /** Asks for the initial data. */
    public interface RequireInitialData {

        /** @param data computes it each time the page is opened */
        <D> DefaultInitialData<D> data(Function<ViewInput, D> data);
    }

    /** Adds handlers with names. */
    public interface AllowAddingNamedHandler {

        /** Adds a handler whose methods are called as {@code name.method}. */
        MultipleNamedHandlersDataService addHandler(String name, Function<ViewInput, Object> handler);
    }

    /** Asks for handlers. */
    public interface RequireDataService extends AllowAddingNamedHandler {

        /** @param handler makes a public object of a public class whose public methods can be called */
        SingleHandlerDataService handler(Function<ViewInput, Object> handler);
    }

    /**
     * The data a page starts with.
     *
     * @param <D> any type that can be written as JSON
     */
    public static final class DefaultInitialData<D> {

        private final Function<ViewInput, D> m_data;

        DefaultInitialData(final Function<ViewInput, D> data) {
            m_data = data;
        }

        Object compute(final ViewInput input) {
            return m_data.apply(input);
        }
    }

    /** The methods a page can call. */
    public abstract static class DefaultDataService {

        DefaultDataService() {
        }

        /** @return new handlers by name; the name is empty for a single handler */
        abstract Map<String, Object> createHandlers(ViewInput input);
    }

    /** A single handler without a name. */
    public static final class SingleHandlerDataService extends DefaultDataService {

        private final Function<ViewInput, Object> m_handler;

        SingleHandlerDataService(final Function<ViewInput, Object> handler) {
            m_handler = handler;
        }

        @Override
        Map<String, Object> createHandlers(final ViewInput input) {
            return Map.of("", m_handler.apply(input));
        }
    }

    /** Handlers with names. */
    public static final class MultipleNamedHandlersDataService extends DefaultDataService
        implements AllowAddingNamedHandler {

        private final Map<String, Function<ViewInput, Object>> m_handlers = new LinkedHashMap<>();

        MultipleNamedHandlersDataService() {
        }

        @Override
        public MultipleNamedHandlersDataService addHandler(final String name,
            final Function<ViewInput, Object> handler) {
            m_handlers.put(name, handler);
            return this;
        }

        @Override
        Map<String, Object> createHandlers(final ViewInput input) {
            final Map<String, Object> handlers = new LinkedHashMap<>();
            m_handlers.forEach((name, handler) -> handlers.put(name, handler.apply(input)));
            return handlers;
        }
    }
}
