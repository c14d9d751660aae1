package org.scanbridge.dicom.archive;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Who asks an archive. Kept in memory only; {@link #toString()} says which kinds there are, never what they are.
 *
 * @param user name for Basic authentication; empty if there is none
 * @param password its password
 * @param token bearer token (RFC 6750); empty if there is none
 * @param certificate PKCS#12 file with the client's certificate and key; empty if there is none
 * @param certificatePassword its password
 */
public record Credentials(String user, String password, String token, Optional<Path> certificate,
    String certificatePassword) {

    /** Nobody in particular. */
    public static final Credentials NONE = new Credentials("", "", "", Optional.empty(), "");

    /** @throws IllegalArgumentException if there are both a user and a token */
    public Credentials {
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(certificate, "certificate");
        Objects.requireNonNull(certificatePassword, "certificatePassword");
        if (!user.isEmpty() && !token.isEmpty()) {
            throw new IllegalArgumentException("There are both a user and a token; an archive takes one of them.");
        }
    }

    @Override
    public String toString() {
        return "credentials (" + (user.isEmpty() ? token.isEmpty() ? "nobody" : "token" : "user and password")
            + (certificate.isPresent() ? ", client certificate" : "") + ")";
    }
}
