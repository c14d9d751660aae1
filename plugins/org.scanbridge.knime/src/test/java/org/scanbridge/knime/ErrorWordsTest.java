package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.knime.core.node.InvalidSettingsException;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.standin.StandinNodeFactory;
import org.knime.node.standin.persistence.NodeParametersPersistence;
import org.knime.node.standin.persistence.ParameterFields;
import org.scanbridge.knime.testing.NodeNames;

/** A number that is refused is named as in the dialog, where the user has to find it, beside limits that a person can read. */
class ErrorWordsTest {

    private static final List<Double> WRONG = List.of(-1e9, 1e9, Double.NaN);

    private final List<String> m_problems = new ArrayList<>();

    private int m_refused;

    @Test
    void refusedNumbersAreNamedAsInTheDialog() throws Exception {
        for (final String name : NodeNames.factories()) {
            final DefaultNodeFactory factory = (DefaultNodeFactory)Class.forName(name).getConstructor().newInstance();
            final NodeParameters root = NodeParametersPersistence
                .createDefaults(((StandinNodeFactory)factory).getModelParametersClass().orElseThrow());
            examine(factory.getNodeName(), root, root);
        }
        assertEquals(List.of(), m_problems);
        assertTrue(m_refused > 100, "settings that can be wrong: " + m_refused);
    }

    private void examine(final String node, final NodeParameters root, final NodeParameters group) throws IllegalAccessException {
        for (final Field field : ParameterFields.of(group.getClass())) {
            final Object value = field.get(group);
            if (value instanceof NodeParameters inner) {
                examine(node, root, inner);
            } else if (value instanceof Number number && field.isAnnotationPresent(Widget.class)) {
                final Optional<String> before = refusal(root);
                for (final double wrong : WRONG) {
                    if (number instanceof Double || !Double.isNaN(wrong)) {
                        field.set(group, as(number, wrong));
                        refusal(root).filter(m -> !before.equals(Optional.of(m)))
                            .ifPresent(message -> check(node, field.getAnnotation(Widget.class).title(), wrong, message));
                    }
                }
                field.set(group, value);
            }
        }
    }

    private void check(final String node, final String title, final double wrong, final String message) {
        m_refused++;
        if (!message.toLowerCase(Locale.ROOT).contains(title.toLowerCase(Locale.ROOT)) || message.matches(".*E-?3\\d\\d.*")) {
            m_problems.add("\n" + node + ", \"" + title + "\" = " + wrong + ": " + message);
        }
    }

    private static Number as(final Number like, final double value) {
        return like instanceof Integer ? (Number)(int)value : like instanceof Long ? (Number)(long)value : (Number)value;
    }

    private static Optional<String> refusal(final NodeParameters root) {
        try {
            root.validate();
            return Optional.empty();
        } catch (final InvalidSettingsException e) {
            return Optional.of(e.getMessage());
        } catch (final RuntimeException e) {
            return Optional.of("not typed: " + e);
        }
    }
}
