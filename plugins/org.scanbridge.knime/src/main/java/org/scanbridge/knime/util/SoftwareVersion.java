package org.scanbridge.knime.util;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of ScanBridge, for manifests. */
public final class SoftwareVersion {

    private SoftwareVersion() {
    }

    /** Such as {@code 0.1.0}. */
    public static String get() {
        try (InputStream in = SoftwareVersion.class.getResourceAsStream("version.properties")) {
            final Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (final IOException e) {
            throw new UncheckedIOException("The bundle lacks version.properties.", e);
        }
    }
}
