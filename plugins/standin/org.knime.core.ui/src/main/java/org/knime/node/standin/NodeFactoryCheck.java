package org.knime.node.standin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeFactory;
import org.knime.core.node.NodeModel;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.NodeSettingsRO;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.persistence.Persistable;
import org.knime.node.standin.persistence.NodeParametersPersistence;
import org.knime.node.standin.persistence.ParameterFields;

/**
 * Checks of a node factory that KNIME makes late or never: the icon exists; the default parameters survive
 * settings.xml, load from an empty tree and are valid or say what to do; every parameters class, nested ones too,
 * loads defaults for absent fields; a view has initial data, without which its handlers go stale, and no style sheets, which
 * KNIME serves without a content type so that browsers may refuse them.
 */
public final class NodeFactoryCheck {

    private final NodeFactory<NodeModel> m_factory;

    private final List<String> m_problems = new ArrayList<>();

    private NodeFactoryCheck(final NodeFactory<NodeModel> factory) {
        m_factory = factory;
    }

    /**
     * @param factory a factory whose description was built, as every factory has that exists
     * @return what is wrong with it, empty if nothing is
     */
    public static List<String> problems(final NodeFactory<NodeModel> factory) {
        final NodeFactoryCheck check = new NodeFactoryCheck(factory);
        check.run();
        return List.copyOf(check.m_problems);
    }

    private void run() {
        final String icon = m_factory.getNodeDescription().getIconPath();
        if (m_factory.getClass().getResource(icon) == null) {
            problem("the icon \"" + icon + "\" does not exist beside the factory class");
        }
        if (m_factory instanceof StandinNodeFactory standin) {
            standin.getModelParametersClass().ifPresent(this::checkParameters);
            standin.getViewParametersClass().ifPresent(this::checkParameters);
            final Optional<PageView> view = standin.createView(m_factory.createNodeModel());
            if (view.isPresent() && view.get().callInitialData().isEmpty()) {
                problem("the view has no initial data");
            }
            view.ifPresent(v -> v.getPage().getResourcePaths().stream().filter(r -> r.endsWith(".css")).sorted()
                .forEach(r -> problem("the style sheet \"" + r + "\" of the view is served without a content type")));
        } else {
            m_factory.createNodeModel();
        }
    }

    private void checkParameters(final Class<? extends NodeParameters> type) {
        for (final Class<?> part : parts(type, new LinkedHashSet<>())) {
            if (!part.isAnnotationPresent(LoadDefaultsForAbsentFields.class)) {
                problem(part.getName() + " lacks @LoadDefaultsForAbsentFields");
            }
        }
        final NodeSettings written = write(NodeParametersPersistence.createDefaults(type));
        try {
            final NodeParameters read = NodeParametersPersistence.load(type, throughXml(written));
            if (!written.equals(write(read))) {
                problem(type.getName() + " changes when it is saved and loaded");
            }
            final NodeParameters fromNothing = NodeParametersPersistence.load(type, new NodeSettings("model"));
            if (!written.equals(write(fromNothing))) {
                problem(type.getName() + " does not load its defaults from an empty tree");
            }
        } catch (InvalidSettingsException e) {
            problem(type.getName() + " cannot be loaded: " + e.getMessage());
        }
    }

    private static NodeSettings write(final NodeParameters parameters) {
        final NodeSettings settings = new NodeSettings("model");
        NodeParametersPersistence.save(parameters, settings);
        return settings;
    }

    private static NodeSettingsRO throughXml(final NodeSettings settings) {
        try {
            final ByteArrayOutputStream out = new ByteArrayOutputStream();
            settings.saveToXML(out);
            return NodeSettings.loadFromXML(new ByteArrayInputStream(out.toByteArray()));
        } catch (IOException e) {
            throw new IllegalStateException("Settings in memory cannot be written and read: " + e.getMessage(), e);
        }
    }

    /** Collects the class and the classes of its groups, their arrays and lists. */
    private static Set<Class<?>> parts(final Class<?> type, final Set<Class<?>> parts) {
        if (parts.add(type)) {
            for (final Field field : ParameterFields.of(type)) {
                final Class<?> part = part(field);
                if (Persistable.class.isAssignableFrom(part)) {
                    parts(part, parts);
                }
            }
        }
        return parts;
    }

    private static Class<?> part(final Field field) {
        if (field.getGenericType() instanceof ParameterizedType parameterized
            && parameterized.getActualTypeArguments()[0] instanceof Class<?> argument) {
            return argument;
        }
        return field.getType().isArray() ? field.getType().getComponentType() : field.getType();
    }

    private void problem(final String what) {
        m_problems.add(m_factory.getClass().getName() + ": " + what);
    }
}
