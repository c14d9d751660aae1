package org.knime.core.data.image;

import org.knime.core.data.DataValue;
import org.knime.core.data.ExtensibleUtilityFactory;

/** Can be read as an image. */
public interface ImageValue extends DataValue {

    /** The description. */
    UtilityFactory UTILITY = new ExtensibleUtilityFactory(ImageValue.class) {
        @Override
        public String getName() {
            return "Image";
        }
    };

    /** @return the image */
    ImageContent getImageContent();

    /** @return the file name extension of the image's format, for instance "png" */
    String getImageExtension();
}
