package org.scanbridge.dicom.dcm4che;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;

import javax.net.ssl.SSLException;

import org.dcm4che3.net.pdu.AAbort;
import org.dcm4che3.net.pdu.AAssociateRJ;
import org.scanbridge.dicom.archive.dimse.DimseException;
import org.scanbridge.dicom.archive.dimse.DimseException.Failure;

/** What dcm4che and the platform throw, as failures of DIMSE. */
final class Failures {

    private Failures() {
    }

    static DimseException of(final Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof DimseException) {
                return (DimseException)cause;
            }
            if (cause instanceof AAssociateRJ) {
                final AAssociateRJ rejection = (AAssociateRJ)cause;
                return DimseException.rejected(rejection.getResult(), rejection.getSource(), rejection.getReason(), cause);
            }
            if (cause instanceof AAbort) {
                return new DimseException(Failure.ABORTED, cause);
            }
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return new DimseException(Failure.NO_HOST, cause);
            }
            if (cause instanceof ConnectException || cause instanceof NoRouteToHostException
                || cause instanceof SocketTimeoutException) {
                return new DimseException(Failure.NO_CONNECTION, cause);
            }
            if (cause instanceof SSLException) {
                return new DimseException(Failure.NO_TRUST, cause);
            }
        }
        return new DimseException(Failure.BROKEN, thrown instanceof IOException ? thrown : new IOException(thrown));
    }
}
