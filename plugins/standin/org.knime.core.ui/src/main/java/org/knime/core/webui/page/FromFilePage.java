package org.knime.core.webui.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A page whose content and resources are files of a bundle, below one base path. */
public final class FromFilePage extends Page {

    private final Path m_base;

    private FromFilePage(final Path base, final String relativeFilePath) {
        super(relativeFilePath, () -> Files.newInputStream(existing(base, relativeFilePath)));
        existing(base, relativeFilePath);
        m_base = base;
    }

    static RequireBundle fromBundle() {
        return new RequireBundle() {
            @Override
            public RequireBasePath bundleClass(final Class<?> clazz) {
                return basePath -> file -> new FromFilePage(BundleFiles.root(clazz).resolve(basePath), file);
            }

            @Override
            public RequireBasePath bundleID(final String bundleID) {
                return basePath -> file -> new FromFilePage(BundleFiles.root(bundleID).resolve(basePath), file);
            }
        };
    }

    /**
     * Adds a file.
     *
     * @param relativeFilePath the file, relative to the base path
     * @return this
     */
    public FromFilePage addResourceFile(final String relativeFilePath) {
        final Path file = existing(m_base, relativeFilePath);
        put(relativeFilePath, () -> Files.newInputStream(file));
        return this;
    }

    /**
     * Adds all files of a directory, with its sub-directories.
     *
     * @param relativeDirPath the directory, relative to the base path
     * @return this
     */
    public FromFilePage addResourceDirectory(final String relativeDirPath) {
        final Path directory = existing(m_base, relativeDirPath);
        final List<Path> files;
        try (Stream<Path> tree = Files.walk(directory)) {
            files = tree.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the resources in " + directory, e);
        }
        for (final Path file : files) {
            addResourceFile(m_base.relativize(file).toString().replace('\\', '/'));
        }
        return this;
    }

    @Override
    public boolean isCompletelyStatic() {
        return true;
    }

    private static Path existing(final Path base, final String relativePath) {
        final Path file = base.resolve(relativePath).normalize();
        if (!file.startsWith(base.normalize())) {
            throw new IllegalArgumentException("\"" + relativePath + "\" lies outside of " + base);
        }
        if (!Files.exists(file)) {
            throw new IllegalStateException("The file " + file + " of the page does not exist.");
        }
        return file;
    }
}
