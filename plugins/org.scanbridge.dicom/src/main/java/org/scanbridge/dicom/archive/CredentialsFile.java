package org.scanbridge.dicom.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.scanbridge.dicom.archive.ArchiveException.Kind;

/**
 * Credentials in a text file: lines of {@code key=value} in UTF-8 with the keys {@code user}, {@code password}, {@code token},
 * {@code certificate} (a PKCS#12 file, relative to this one) and {@code certificatePassword}; blank lines and those that begin
 * with # count for nothing. Only its owner may read it, where the file system can tell. No message holds a value.
 */
public final class CredentialsFile {

    private static final Set<String> KEYS = Set.of("user", "password", "token", "certificate", "certificatePassword");

    private static final int MAX_BYTES = 1 << 16;

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(PosixFilePermission.GROUP_READ,
        PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private CredentialsFile() {
    }

    /**
     * Reads credentials.
     *
     * @throws ArchiveException of the kind {@code NOT_ALLOWED} if the file cannot be read, others may read it, or it holds
     *             something else
     */
    public static Credentials read(final Path file) throws ArchiveException {
        final Map<String, String> values = new TreeMap<>();
        try {
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw bad(file, "may be read or written by others than its owner. Make it yours alone: chmod 600");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw bad(file, "has " + Files.size(file) + " bytes; choose the right file");
            }
            int line = 0;
            for (final String text : Files.readString(file, StandardCharsets.UTF_8).split("\\R")) {
                line++;
                if (text.isBlank() || text.stripLeading().startsWith("#")) {
                    continue;
                }
                final int equals = text.indexOf('=');
                final String key = equals < 0 ? "" : text.substring(0, equals).strip();
                if (!KEYS.contains(key) || values.put(key, text.substring(equals + 1).strip()) != null) {
                    throw bad(file, "does not hold key=value in line " + line + ", each key once, with the keys user, password,"
                        + " token, certificate, certificatePassword");
                }
            }
        } catch (final ArchiveException e) {
            throw e;
        } catch (final IOException e) {
            throw bad(file, "cannot be read as text (" + e.getClass().getSimpleName() + "). Check the path");
        }
        return credentials(file, values);
    }

    private static Credentials credentials(final Path file, final Map<String, String> values) throws ArchiveException {
        final String user = values.getOrDefault("user", "");
        final String token = values.getOrDefault("token", "");
        if (user.contains(":") || !user.isEmpty() && !token.isEmpty() || user.isEmpty() && values.containsKey("password")
            || (user + token + values.getOrDefault("password", "")).chars().anyMatch(Character::isISOControl)
            || token.chars().anyMatch(c -> c > '~')) {
            throw bad(file, "must have a user without colon and a password, or a token, not both");
        }
        try {
            return new Credentials(user, values.getOrDefault("password", ""), token,
                Optional.ofNullable(values.get("certificate")).map(c -> file.toAbsolutePath().resolveSibling(c)),
                values.getOrDefault("certificatePassword", ""));
        } catch (final InvalidPathException e) {
            throw bad(file, "names a certificate that can be no file");
        }
    }

    private static ArchiveException bad(final Path file, final String what) {
        return new ArchiveException(Kind.NOT_ALLOWED, "The credentials file " + file + " " + what + ".");
    }
}
