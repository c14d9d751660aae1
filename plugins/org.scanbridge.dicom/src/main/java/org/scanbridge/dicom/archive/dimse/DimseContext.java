package org.scanbridge.dicom.archive.dimse;

import java.util.List;
import java.util.Objects;

/**
 * A presentation context to propose (PS3.8 9.3.2.2).
 *
 * @param sopClass SOP Class UID
 * @param transferSyntaxes UIDs of transfer syntaxes, of which the peer chooses one
 * @param receiving whether the peer sends objects of this class to us on the same association (role selection of PS3.7 D.3.3.4:
 *            we are SCP), as C-GET needs it
 */
public record DimseContext(String sopClass, List<String> transferSyntaxes, boolean receiving) {

    /** Presentation contexts have odd numbers of one byte. */
    public static final int MAX = 128;

    /** @throws IllegalArgumentException if there is no transfer syntax */
    public DimseContext {
        Objects.requireNonNull(sopClass, "sopClass");
        transferSyntaxes = List.copyOf(transferSyntaxes);
        if (transferSyntaxes.isEmpty()) {
            throw new IllegalArgumentException("A presentation context needs a transfer syntax");
        }
    }

    /** For a service that we use. */
    static DimseContext of(final String sopClass, final String... transferSyntaxes) {
        return new DimseContext(sopClass, List.of(transferSyntaxes), false);
    }
}
