package org.knime.core.standin.extension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;

import org.eclipse.core.runtime.ContributorFactorySimple;
import org.eclipse.core.runtime.IContributor;
import org.eclipse.core.runtime.IExtensionRegistry;
import org.eclipse.core.runtime.RegistryFactory;
import org.eclipse.core.runtime.spi.RegistryStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads the same plugin.xml files through Eclipse's own registry and from the class path. */
class RegistryExtensionsTest {

    private static final List<String> POINTS =
        List.of("org.knime.workbench.repository.nodes", "org.knime.workbench.repository.categories",
            "org.knime.core.PortType", "org.knime.core.DataType", "org.knime.core.DataValueRenderer");

    private final Object m_token = new Object();

    private IExtensionRegistry m_registry;

    @BeforeEach
    void readPluginXml() throws Exception {
        m_registry = RegistryFactory.createRegistry(new RegistryStrategy(null, null), m_token, m_token);
        int n = 0;
        for (final URL url : Collections.list(getClass().getClassLoader().getResources("plugin.xml"))) {
            final IContributor contributor = ContributorFactorySimple.createContributor("bundle" + n++);
            try (InputStream in = url.openStream()) {
                assertTrue(m_registry.addContribution(in, contributor, false, null, null, m_token), url.toString());
            }
        }
    }

    @AfterEach
    void stop() {
        m_registry.stop(m_token);
    }

    @Test
    void pointsHaveTheIdsOfKnime() {
        for (final String point : POINTS) {
            assertNotNull(m_registry.getExtensionPoint(point), point);
        }
    }

    @Test
    void sameAsFromTheClassPath() {
        final ExtensionSource fromRegistry = new RegistryExtensions(m_registry);
        final ExtensionSource fromClassPath = new ClassPathExtensions(getClass().getClassLoader());
        for (final String point : POINTS) {
            final List<String> expected = describe(fromClassPath.extensions(point));
            assertFalse(expected.isEmpty(), point);
            assertEquals(expected, describe(fromRegistry.extensions(point)), point);
        }
    }

    private static List<String> describe(final List<Extension> extensions) {
        return extensions.stream()
            .map(e -> e.name() + " " + e.attribute("cellClass") + " " + e.attribute("factory-class") + " "
                + e.attribute("objectClass") + " " + e.attribute("valueClass") + " " + describe(e.children()))
            .sorted().toList();
    }
}
