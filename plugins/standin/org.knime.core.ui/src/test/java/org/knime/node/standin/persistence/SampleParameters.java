package org.knime.node.standin.persistence;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.NodeSettingsWO;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.persistence.NodeParametersPersistor;
import org.knime.node.parameters.persistence.Persist;
import org.knime.node.parameters.persistence.Persistor;

/** Parameters of every kind; those whose settings a real KNIME 5.8.3 wrote. */
final class SampleParameters implements NodeParameters {

    enum Method {
        Z_SCORE, MIN_MAX
    }

    Method m_method = Method.Z_SCORE;

    double m_upper = 1;

    Optional<Double> m_clip = Optional.empty();

    Optional<Integer> m_clip2 = Optional.of(3);

    Nested m_nested = new Nested();

    Item[] m_items = {new Item("a", 1), new Item("b", 2)};

    List<Item> m_list = List.of(new Item("z", 26));

    @Persistor(PatchPersistor.class)
    int[] m_patch = {1, 2, 3};

    @Persist(configKey = "renamed")
    long m_seed = 42;

    @Persist(hidden = true)
    boolean m_flag = true;

    int[] m_ints = {7, 8};

    float m_float = 0.5f;

    byte m_byte = -3;

    char m_char = 'x';

    String m_null;

    String m_note = "line1\nline2";

    Void m_message;

    static int s_static = 1;

    transient int m_transient = 1;

    @SuppressWarnings("unused")
    private final int m_private = 1;

    @LoadDefaultsForAbsentFields
    static final class Nested implements NodeParameters {

        double m_gamma = 1.5;

        boolean m_deep = true;
    }

    static final class Item implements NodeParameters {

        String m_key = "a";

        int m_val = 1;

        Item() {
        }

        Item(final String key, final int val) {
            m_key = key;
            m_val = val;
        }
    }

    static final class PatchPersistor implements NodeParametersPersistor<int[]> {

        @Override
        public int[] load(final NodeSettingsRO settings) throws InvalidSettingsException {
            return Arrays.stream(settings.getString("patchText").split("x")).mapToInt(Integer::parseInt).toArray();
        }

        @Override
        public void save(final int[] patch, final NodeSettingsWO settings) {
            settings.addString("patchText",
                Arrays.stream(patch).mapToObj(Integer::toString).collect(Collectors.joining("x")));
        }

        @Override
        public String[][] getConfigPaths() {
            return new String[][]{{"patchText"}};
        }
    }
}
