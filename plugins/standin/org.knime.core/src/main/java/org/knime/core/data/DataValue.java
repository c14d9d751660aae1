package org.knime.core.data;

import java.net.URL;

import javax.swing.Icon;
import javax.swing.ImageIcon;

/** What a cell can be read as. A cell type is described by the value interfaces its cells implement. */
public interface DataValue {

    /** The description of this interface. Each value interface hides this constant with its own. */
    UtilityFactory UTILITY = new UtilityFactory();

    /** Describes a value interface to the user. */
    class UtilityFactory {

        /** For sub-classes only. */
        protected UtilityFactory() {
        }

        /** @return the icon of columns of this type, or null */
        public Icon getIcon() {
            return null;
        }

        /**
         * @param clazz the class beside which the image lies
         * @param path the image, relative to the class
         * @return the icon, or null if there is no such resource
         */
        protected static Icon loadIcon(final Class<?> clazz, final String path) {
            final URL url = clazz.getResource(path);
            return url == null ? null : new ImageIcon(url);
        }
    }
}
