package org.knime.core.standin.extension;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IConfigurationElement;
import org.eclipse.core.runtime.IExtensionRegistry;
import org.eclipse.core.runtime.Platform;
import org.osgi.framework.Bundle;

/** Extensions as the platform's extension registry knows them. */
final class RegistryExtensions implements ExtensionSource {

    private final IExtensionRegistry m_registry;

    RegistryExtensions(final IExtensionRegistry registry) {
        m_registry = Objects.requireNonNull(registry, "registry");
    }

    @Override
    public List<Extension> extensions(final String point) {
        return wrap(m_registry.getConfigurationElementsFor(point));
    }

    private static List<Extension> wrap(final IConfigurationElement... elements) {
        return Arrays.stream(elements).<Extension> map(Element::new).toList();
    }

    private record Element(IConfigurationElement element) implements Extension {

        @Override
        public String name() {
            return element.getName();
        }

        @Override
        public String contributor() {
            return element.getContributor().getName();
        }

        @Override
        public String attribute(final String name) {
            return element.getAttribute(name);
        }

        @Override
        public List<Extension> children() {
            return wrap(element.getChildren());
        }

        @Override
        public Class<?> loadClass(final String attribute) throws ClassNotFoundException {
            final Bundle bundle = Platform.getBundle(contributor());
            if (bundle == null) {
                throw new ClassNotFoundException("Bundle " + contributor() + " is not resolved; its class "
                    + attribute(attribute) + " cannot be loaded");
            }
            return bundle.loadClass(required(attribute));
        }

        @Override
        public Object create(final String attribute) throws ReflectiveOperationException {
            try {
                return element.createExecutableExtension(attribute);
            } catch (CoreException e) {
                final Throwable cause = e.getStatus().getException();
                throw new ReflectiveOperationException(e.getMessage(), cause == null ? e : cause);
            }
        }
    }
}
