package org.scanbridge.dicom.archive.dimse;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;

import org.scanbridge.dicom.data.DataSet;

/**
 * An association with an archive, used by one thread. Every operation blocks until the last response is there. Meanwhile it
 * tells {@link Patience#heard()} of each response, and calls {@link Patience#check()} at least twice a second in the thread that
 * waits; what that throws aborts the association and goes on to the caller.
 */
public interface DimseAssociation extends Closeable {

    /** UIDs of the transfer syntaxes that the peer accepted for a class, in contexts of their own; empty if it did not. */
    Set<String> accepted(String sopClass);

    /**
     * C-ECHO (PS3.7 9.1.5).
     *
     * @throws DimseException if the association broke
     * @throws IOException what the patience threw
     */
    DimseStatus echo(Patience patience) throws IOException;

    /**
     * C-FIND in the Study Root model (PS3.4 C.4.1).
     *
     * @param identifier keys
     * @param matches takes the identifier of each pending response, in whatever thread reads the association
     * @return the status of the last response
     * @throws DimseException if the association broke
     * @throws IOException what the patience threw
     */
    DimseStatus find(DataSet identifier, Consumer<DataSet> matches, Patience patience) throws IOException;

    /**
     * C-GET in the Study Root model (PS3.4 C.4.3): the peer sends instances on this association.
     *
     * @param receiver takes them, in whatever thread reads the association
     * @return the status of the last response, with its numbers of sub-operations
     * @throws DimseException if the association broke
     * @throws IOException what the patience threw
     */
    DimseStatus get(DataSet identifier, DimseReceiver receiver, Patience patience) throws IOException;

    /**
     * C-MOVE in the Study Root model (PS3.4 C.4.2): the peer sends instances on associations of its own.
     *
     * @param destination title that the peer knows an address of
     * @return the status of the last response, with its numbers of sub-operations
     * @throws DimseException if the association broke
     * @throws IOException what the patience threw
     */
    DimseStatus move(DataSet identifier, String destination, Patience patience) throws IOException;

    /**
     * C-STORE (PS3.7 9.1.1).
     *
     * @param file what to send
     * @param transferSyntax one that was accepted for its class: its own, then its bytes are sent as they are; or another
     *            without compression, if its own has none either
     * @throws DimseException if the association broke
     * @throws IOException if the file cannot be read, or what the patience threw
     */
    DimseStatus store(DimseFile file, String transferSyntax, Patience patience) throws IOException;

    /** Releases the association; one that does not answer is aborted. */
    @Override
    void close();
}
