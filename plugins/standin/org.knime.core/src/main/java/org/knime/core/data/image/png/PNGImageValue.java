package org.knime.core.data.image.png;

import org.knime.core.data.ExtensibleUtilityFactory;
import org.knime.core.data.image.ImageValue;

/** Can be read as a PNG image. */
public interface PNGImageValue extends ImageValue {

    /** The description. */
    UtilityFactory UTILITY = new ExtensibleUtilityFactory(PNGImageValue.class) {
        @Override
        public String getName() {
            return "PNG Image";
        }
    };

    @Override
    PNGImageContent getImageContent();
}
