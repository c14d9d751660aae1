package org.scanbridge.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import org.eclipse.osgi.util.ManifestElement;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;

/**
 * What the built bundles offer to the bundles of others. KNIME and its extensions import packages of libraries that we
 * embed, too, often without a version; an export that such an import matches may take it over and break them.
 */
class ManifestsIT {

    private static final String OURS = "org.scanbridge.";

    /** Manifests of the shipped bundles by name. */
    private static Map<String, Manifest> manifests() throws IOException {
        final Map<String, Manifest> found = new TreeMap<>();
        try (Stream<Path> bundles = Files.list(Path.of(System.getProperty("runtime.directory"), "plugins"))) {
            for (final Path bundle : (Iterable<Path>)bundles.filter(Files::isDirectory)::iterator) {
                final String name = bundle.getFileName().toString();
                if (name.startsWith(OURS) && !name.equals("org.scanbridge.knime.batch")) {
                    try (InputStream in = Files.newInputStream(bundle.resolve("META-INF/MANIFEST.MF"))) {
                        found.put(name, new Manifest(in));
                    }
                }
            }
        }
        return found;
    }

    private static ManifestElement[] header(final Manifest manifest, final String name) throws BundleException {
        final ManifestElement[] elements =
            ManifestElement.parseHeader(name, manifest.getMainAttributes().getValue(name));
        return elements == null ? new ManifestElement[0] : elements;
    }

    @Test
    void nobodyElsesImportMatchesALibraryOfOurs() throws Exception {
        final Map<String, Manifest> manifests = manifests();
        assertFalse(manifests.isEmpty());
        final List<String> open = new ArrayList<>();
        int libraries = 0;
        for (final Map.Entry<String, Manifest> bundle : manifests.entrySet()) {
            for (final ManifestElement export : header(bundle.getValue(), Constants.EXPORT_PACKAGE)) {
                for (final String exported : export.getValueComponents()) {
                    if (!exported.startsWith(OURS.substring(0, OURS.length() - 1))) {
                        libraries++;
                        final String mandatory = export.getDirective(Constants.MANDATORY_DIRECTIVE);
                        if (mandatory == null || export.getAttribute(mandatory) == null) {
                            open.add(bundle.getKey() + " exports " + exported);
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), open);
        assertFalse(libraries == 0, "no library is exported at all: this test looks at the wrong bundles");
    }

    /** A library is reached by Require-Bundle on its owner; an import might be wired to another extension's copy. */
    @Test
    void noLibraryIsImported() throws Exception {
        final List<String> foreign = new ArrayList<>();
        for (final Map.Entry<String, Manifest> bundle : manifests().entrySet()) {
            assertNotNull(bundle.getValue().getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME), bundle.getKey());
            for (final ManifestElement wanted : header(bundle.getValue(), Constants.IMPORT_PACKAGE)) {
                for (final String imported : wanted.getValueComponents()) {
                    final boolean system = imported.startsWith("javax.") || imported.startsWith("org.w3c.dom")
                        || imported.startsWith("org.xml.sax") || imported.equals("org.osgi.framework");
                    if (!system) {
                        foreign.add(bundle.getKey() + " imports " + imported);
                    }
                }
            }
        }
        assertEquals(List.of(), foreign);
    }
}
