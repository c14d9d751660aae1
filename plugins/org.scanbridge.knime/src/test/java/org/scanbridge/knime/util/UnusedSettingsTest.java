package org.scanbridge.knime.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.knime.node.DefaultModel.ExecuteConsumer;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.knime.testing.NodeNames;

class UnusedSettingsTest {

    /** Settings with every kind of condition. */
    static final class Sample implements NodeParameters {

        enum Way {
                @Label("By foot")
                FOOT, //
                @Label("By train")
                TRAIN, //
                BOAT
        }

        static final class WayReference implements ParameterReference<Way> {
        }

        static final class Hurry implements BooleanReference {
        }

        static final class OnRails implements EffectPredicateProvider {
            @Override
            public EffectPredicate init(final PredicateInitializer i) {
                return i.getEnum(WayReference.class).isOneOf(Way.TRAIN);
            }
        }

        static final class FastOnRails implements EffectPredicateProvider {
            @Override
            public EffectPredicate init(final PredicateInitializer i) {
                return i.getPredicate(OnRails.class).and(i.getPredicate(Hurry.class));
            }
        }

        static final class Slow implements EffectPredicateProvider {
            @Override
            public EffectPredicate init(final PredicateInitializer i) {
                return i.getEnum(WayReference.class).isOneOf(Way.FOOT, Way.BOAT).or(i.getBoolean(Hurry.class).isFalse());
            }
        }

        @Section(title = "Tickets")
        @Effect(predicate = OnRails.class, type = EffectType.SHOW)
        interface Tickets {
        }

        @Widget(title = "Way", description = "")
        @ValueReference(WayReference.class)
        Way m_way = Way.FOOT;

        @Widget(title = "Hurry", description = "")
        @ValueReference(Hurry.class)
        boolean m_hurry;

        @Layout(Tickets.class)
        @Widget(title = "Price", description = "")
        double m_price = 1.5;

        @Layout(Tickets.class)
        @Widget(title = "Seat", description = "")
        @Effect(predicate = FastOnRails.class, type = EffectType.SHOW)
        String m_seat = "";

        @Layout(Tickets.class)
        @Widget(title = "Bags", description = "")
        int m_bags;

        @Layout(Tickets.class)
        @Widget(title = "Class", description = "")
        Way m_comfort = Way.TRAIN;

        @Widget(title = "Shoes", description = "")
        @Effect(predicate = OnRails.class, type = EffectType.HIDE)
        boolean m_shoes;

        @Widget(title = "Song", description = "")
        @Effect(predicate = Slow.class, type = EffectType.SHOW)
        int m_verses;
    }

    @Test
    void tellsWhatItIsAndWhatItNeeds() {
        final Sample sample = new Sample();
        assertEquals(List.of(), UnusedSettings.of(sample, null));
        sample.m_price = 2;
        sample.m_seat = "12 A";
        assertEquals(List.of(
            "\"Price\" (section \"Tickets\") is 2.0, but has no effect: it is used only if \"Way\" is \"By train\".",
            "\"Seat\" (section \"Tickets\") is changed, but has no effect: it is used only if \"Way\" is \"By train\" and"
                + " \"Hurry\" is on."),
            UnusedSettings.of(sample, null));
        sample.m_way = Sample.Way.TRAIN;
        assertEquals(List.of(
            "\"Seat\" (section \"Tickets\") is changed, but has no effect: it is used only if \"Hurry\" is on."),
            UnusedSettings.of(sample, null));
        sample.m_hurry = true;
        assertEquals(List.of(), UnusedSettings.of(sample, null));
        sample.m_shoes = true;
        sample.m_verses = 3;
        assertEquals(List.of("\"Shoes\" is on, but has no effect: it is used only if \"Way\" is not \"By train\".",
            "\"Song\" is 3, but has no effect: it is used only if \"Way\" is \"By foot\" or \"BOAT\" or \"Hurry\" is off."),
            UnusedSettings.of(sample, null));
    }

    private static final class Stop extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    /** An input that knows the parameters only. */
    private static ExecuteInput input(final NodeParameters parameters) {
        return (ExecuteInput)Proxy.newProxyInstance(ExecuteInput.class.getClassLoader(), new Class<?>[]{ExecuteInput.class},
            (proxy, method, arguments) -> {
                if (method.getName().equals("getParameters")) {
                    return parameters;
                }
                throw new Stop();
            });
    }

    private static ExecuteOutput output(final List<String> warnings) {
        return (ExecuteOutput)Proxy.newProxyInstance(ExecuteOutput.class.getClassLoader(), new Class<?>[]{ExecuteOutput.class},
            (proxy, method, arguments) -> {
                warnings.add(method.getName().equals("setWarningMessage") ? (String)arguments[0] : method.getName());
                return null;
            });
    }

    @Test
    void whatTheNodeTellsComesBehindIt() throws Exception {
        final List<String> warnings = new ArrayList<>();
        final ExecuteConsumer work = UnusedSettings.told((input, output) -> {
            output.setOutData(0, null);
            output.setWarningMessage("Two rows were left out.");
        });
        final Sample sample = new Sample();
        work.accept(input(sample), output(warnings));
        assertEquals(List.of("setOutData", "Two rows were left out."), warnings);
        warnings.clear();
        sample.m_price = 2;
        work.accept(input(sample), output(warnings));
        final String unused = UnusedSettings.of(sample, null).get(0);
        assertEquals(List.of(unused, "setOutData", unused + " Two rows were left out."), warnings);
    }

    @Test
    void countsWhatWouldFillAPage() throws Exception {
        final Sample sample = new Sample();
        sample.m_price = 2;
        sample.m_seat = "secret";
        sample.m_bags = 1;
        sample.m_comfort = Sample.Way.BOAT;
        final List<String> warnings = new ArrayList<>();
        UnusedSettings.told((input, output) -> output.setWarningMessage("And this.")).accept(input(sample), output(warnings));
        final List<String> unused = UnusedSettings.of(sample, null);
        assertEquals(4, unused.size());
        assertEquals(String.join(" ", unused.subList(0, 3)) + " So it is with 1 more. And this.", warnings.get(1));
        assertFalse(warnings.get(1).contains("secret"), "a text may be a secret");
    }

    /** Every node with a setting that can be hidden tells it. */
    @Test
    void allNodesTell() throws Exception {
        final List<String> silent = new ArrayList<>();
        for (final String name : NodeNames.factories()) {
            final Field node = Class.forName(name).getDeclaredField("NODE");
            node.setAccessible(true);
            final Method model = DefaultNode.class.getDeclaredMethod("model");
            model.setAccessible(true);
            final Object standard = model.invoke(node.get(null));
            final Method execute = standard.getClass().getDeclaredMethod("execute", ExecuteInput.class, ExecuteOutput.class);
            execute.setAccessible(true);
            final Sample sample = new Sample();
            sample.m_price = 2;
            final List<String> warnings = new ArrayList<>();
            assertThrows(Exception.class, () -> execute.invoke(standard, input(sample), output(warnings)), name);
            if (!warnings.equals(UnusedSettings.of(sample, null))) {
                silent.add(name);
            }
        }
        assertEquals(List.of(), silent);
    }
}
