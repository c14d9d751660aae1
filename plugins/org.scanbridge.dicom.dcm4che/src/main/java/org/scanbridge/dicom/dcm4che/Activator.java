package org.scanbridge.dicom.dcm4che;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.scanbridge.dicom.archive.ArchiveConnector;
import org.scanbridge.dicom.pixel.DicomDecoder;

/** Offers what this bundle brings; the framework takes it back when the bundle stops. */
public final class Activator implements BundleActivator {

    @Override
    public void start(final BundleContext context) {
        context.registerService(ArchiveConnector.class, new Dcm4cheConnector(), null);
        context.registerService(DicomDecoder.class, new Dcm4cheDecoder(), null);
    }

    @Override
    public void stop(final BundleContext context) {
        // Services go with the bundle; connections belong to whoever opened them.
    }
}
