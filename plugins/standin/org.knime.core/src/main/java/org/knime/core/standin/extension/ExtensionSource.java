package org.knime.core.standin.extension;

import java.util.List;

import org.eclipse.core.runtime.IExtensionRegistry;
import org.eclipse.core.runtime.RegistryFactory;

/** Where extensions are found. */
public interface ExtensionSource {

    /**
     * @param point the full id of the extension point, for instance {@code org.knime.core.PortType}
     * @return the contributed elements, in the order of the contributions
     */
    List<Extension> extensions(String point);

    /** @return the running platform's extension registry; without platform, every plugin.xml on the class path */
    static ExtensionSource installed() {
        final IExtensionRegistry registry = RegistryFactory.getRegistry();
        return registry != null ? new RegistryExtensions(registry)
            : new ClassPathExtensions(ExtensionSource.class.getClassLoader());
    }
}
