package org.scanbridge.dicom.archive.dimse;

import java.io.Closeable;
import java.util.List;

/**
 * The network side of DIMSE: what a library for the protocol must be able to do. Knows one peer, under our title. Safe for use
 * by several threads; closing it ends all associations and stops listening.
 */
public interface DimsePort extends Closeable {

    /**
     * Opens an association with the archive.
     *
     * @param contexts the presentation contexts to propose, at most {@value DimseContext#MAX}
     * @throws DimseException if there is none, with the reason
     */
    DimseAssociation open(List<DimseContext> contexts) throws DimseException;

    /**
     * Takes what others send to this computer by C-STORE from now on, and answers their C-ECHO.
     *
     * @param port TCP port to listen on
     * @param transferSyntaxes UIDs of those that are accepted
     * @param receiver takes each instance; called by as many threads as there are associations
     * @return stops listening when it is closed
     * @throws DimseException of the failure {@code PORT} if the port cannot be opened
     */
    Closeable listen(int port, List<String> transferSyntaxes, DimseReceiver receiver) throws DimseException;

    @Override
    void close();
}
