package org.scanbridge.knime.util;

import java.util.List;
import java.util.stream.Stream;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.widget.choices.StringChoicesProvider;

/** Offers the modalities of sectional images, by their codes in DICOM (PS3.3 C.7.3.1.1.1), and those of segmentations. */
public final class Modalities implements StringChoicesProvider {

    private static final List<String> IMAGES = List.of("MR", "CT", "PT", "NM", "US", "XA", "MG", "CR", "DX");

    @Override
    public List<String> choices(final NodeParametersInput context) {
        return IMAGES;
    }

    /** For a setting that holds several, of images. */
    public static final class OfImages extends NameListSuggestions {

        /** For KNIME. */
        public OfImages() {
            super(Setting.class);
        }

        @Override
        protected List<String> names(final NodeParametersInput context) {
            return IMAGES;
        }
    }

    /** For a setting that holds several, of images and what was made of them. */
    public static final class OfSeries extends NameListSuggestions {

        /** For KNIME. */
        public OfSeries() {
            super(Setting.class);
        }

        @Override
        protected List<String> names(final NodeParametersInput context) {
            return Stream.concat(IMAGES.stream(), Stream.of("SEG", "RTSTRUCT")).toList();
        }
    }

    /** Bound to the setting. */
    public static final class Setting implements ParameterReference<String> {
    }
}
