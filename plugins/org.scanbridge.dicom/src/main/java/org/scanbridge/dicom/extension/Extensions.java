package org.scanbridge.dicom.extension;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * Implementations of an interface of this bundle that other bundles registered as OSGi services, such as a decoder or a
 * connection to archives. Looked up at every call: a bundle may come later than this one, or go. Bundles of ours with
 * the manifest header {@code ScanBridge-Extension} are started for it.
 */
public final class Extensions {

    /** Manifest header of bundles to start; its value does not matter. */
    private static final String HEADER = "ScanBridge-Extension";

    /** How the symbolic names of our bundles begin. */
    private static final String OURS = "org.scanbridge.";

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
        start(context);
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

    /**
     * Starts the bundles of ours that say in their manifest that they extend this one: installers leave bundles resolved until
     * somebody loads a class of them, which for those with nothing but services nobody does.
     */
    private static void start(final BundleContext context) {
        for (final Bundle bundle : context.getBundles()) {
            // The name first: the headers of all bundles of a platform take time to read.
            if (bundle.getState() != Bundle.ACTIVE && String.valueOf(bundle.getSymbolicName()).startsWith(OURS)
                && bundle.getHeaders().get(HEADER) != null) {
                try {
                    bundle.start(Bundle.START_TRANSIENT);
                } catch (final BundleException e) {
                    continue; // what it would bring is missing then, and whoever needs it says so
                }
            }
        }
    }

    private static <T> List<T> loaded(final Class<T> type) {
        return ServiceLoader.load(type, Extensions.class.getClassLoader()).stream().map(ServiceLoader.Provider::get).toList();
    }
}
