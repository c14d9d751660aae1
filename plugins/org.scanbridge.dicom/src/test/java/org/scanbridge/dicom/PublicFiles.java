package org.scanbridge.dicom;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the public test files lie: the system property {@code scanbridge.testdata}, the environment variable
 * {@code SCANBRIDGE_TESTDATA}, else {@code ../shared/data} beside the reactor's root or a folder above it.
 */
public final class PublicFiles {

    private PublicFiles() {
    }

    /** The folder of pydicom's test files; skips the test where it is missing. */
    public static Path pydicom() {
        final Path folder = find().resolve("dicom-pydicom");
        assumeTrue(Files.isDirectory(folder),
            "The public files are missing; tell where they are with -Dscanbridge.testdata=<folder>");
        return folder;
    }

    private static Path find() {
        final String property = System.getProperty("scanbridge.testdata", System.getenv("SCANBRIDGE_TESTDATA"));
        if (property != null) {
            return Path.of(property);
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            final Path data = folder.resolveSibling("shared").resolve("data");
            if (Files.isDirectory(data)) {
                return data;
            }
        }
        return Path.of("../shared/data");
    }
}
