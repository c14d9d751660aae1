package org.scanbridge.learning.architecture;

import java.util.Objects;

/**
 * What is known of a network of other software instead of its architecture.
 *
 * @param format of its files
 * @param margin what it looks at around a block
 */
public record ForeignTraits(Format format, Margin margin) {

    /** How networks of other software are stored. */
    public enum Format {
        /** An ONNX file. */
        ONNX("an ONNX file"),
        /** The directory of a TensorFlow SavedModel. */
        SAVED_MODEL("a SavedModel of other software");

        private final String m_words;

        Format(final String words) {
            m_words = words;
        }

        /** For messages: {@code an ONNX file}. */
        public String words() {
            return m_words;
        }
    }

    /** @throws NullPointerException if something is missing */
    public ForeignTraits {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(margin, "margin");
    }
}
