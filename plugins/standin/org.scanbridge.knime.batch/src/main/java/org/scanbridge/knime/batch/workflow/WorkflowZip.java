package org.scanbridge.knime.batch.workflow;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Zipped workflows (.zip, .knwf): the workflow in the root or in the first folder. */
public final class WorkflowZip {

    private WorkflowZip() {
    }

    /**
     * @param zip a zip file
     * @param directory an existing, empty directory to unpack into
     * @return the workflow directory in it
     * @throws WorkflowLoadException if the file is no zip, has entries that point outside, or holds no workflow
     */
    public static Path unpack(final Path zip, final Path directory) throws WorkflowLoadException {
        try {
            unpackEntries(zip, directory);
            if (Files.exists(directory.resolve(Workflow.FILE))) {
                return directory;
            }
            try (Stream<Path> children = Files.list(directory)) {
                return children.filter(Files::isDirectory).sorted()
                    .filter(d -> Files.exists(d.resolve(Workflow.FILE))).findFirst()
                    .orElseThrow(() -> new WorkflowLoadException("\"" + zip + "\" holds no \"" + Workflow.FILE
                        + "\", neither in its root nor in a folder directly below"));
            }
        } catch (IOException ex) {
            throw new WorkflowLoadException("Unable to unpack \"" + zip + "\": " + ex.getMessage(), ex);
        }
    }

    private static void unpackEntries(final Path zip, final Path directory) throws IOException {
        int entries = 0;
        try (InputStream file = Files.newInputStream(zip); ZipInputStream in = new ZipInputStream(file)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries++;
                final Path target = directory.resolve(entry.getName()).normalize();
                if (!target.startsWith(directory)) {
                    throw new ZipException("the entry \"" + entry.getName() + "\" points outside");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        if (entries == 0) {
            throw new ZipException("it is no zip file, or empty");
        }
    }

    /**
     * Packs a workflow below one folder, as KNIME exports it. The target is replaced only when the zip is complete.
     *
     * @param directory the workflow directory
     * @param folder name of the folder in the zip
     * @param zip the file to create or replace
     * @throws IOException if writing fails
     */
    static void pack(final Path directory, final String folder, final Path zip) throws IOException {
        final List<Path> files = FileTree.files(directory);
        FileTree.replace(zip, out -> {
            final ZipOutputStream zipped = new ZipOutputStream(out);
            for (Path file : files) {
                final String name = directory.relativize(file).toString().replace('\\', '/');
                zipped.putNextEntry(new ZipEntry(folder + "/" + name));
                Files.copy(file, zipped);
                zipped.closeEntry();
            }
            zipped.finish();
        });
    }
}
