package org.scanbridge.dicom.extension;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * Implementations of an interface of this bundle that other bundles registered as OSGi services, such as a decoder or a
 * connection to archives. Looked up at every call: a bundle may come later than this one, or go.
 */
public final class Extensions {

    private Extensions() {
    }

    /**
     * All that are there now, those with the highest {@code service.ranking} first. Outside an OSGi framework, those that
     * {@link ServiceLoader} finds.
     *
     * @param type an interface of this bundle; services are registered under its name
     */
    public static <T> List<T> of(final Class<T> type) {
        try {
            return services(type);
        } catch (final NoClassDefFoundError e) {
            // The import of the framework is optional, for programs that use this library without one.
            return loaded(type);
        }
    }

    private static <T> List<T> services(final Class<T> type) {
        final Bundle bundle = FrameworkUtil.getBundle(Extensions.class);
        if (bundle == null) {
            return loaded(type);
        }
        final BundleContext context = bundle.getBundleContext();
        if (context == null) {
            return List.of(); // only resolved, so nobody can have got here but a test of the framework
        }
        final Collection<ServiceReference<T>> references;
        try {
            references = context.getServiceReferences(type, null);
        } catch (final InvalidSyntaxException e) {
            throw new IllegalStateException("No filter cannot be wrong", e);
        }
        final List<T> found = new ArrayList<>();
        references.stream().sorted((a, b) -> b.compareTo(a)).forEach(r -> {
            final T service = context.getService(r);
            if (service != null) {
                found.add(service);
            }
        });
        return found;
    }

    private static <T> List<T> loaded(final Class<T> type) {
        return ServiceLoader.load(type, Extensions.class.getClassLoader()).stream().map(ServiceLoader.Provider::get).toList();
    }
}
