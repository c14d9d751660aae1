package org.knime.core.webui.page;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The page of a view and the resources it may load. Only registered resources are served. */
public class Page {

    private final String m_relativePath;

    private final Map<String, InputStreamSupplier> m_resources = new LinkedHashMap<>();

    /**
     * @param relativePath the path of the page, with {@code /}; its extension decides on the kind of view
     * @param content the page
     */
    protected Page(final String relativePath, final InputStreamSupplier content) {
        m_relativePath = relativePath;
        m_resources.put(relativePath, content);
    }

    /** @return the first stage */
    public static RequireFromFileOrString create() {
        return new RequireFromFileOrString() {
            @Override
            public RequireBundle fromFile() {
                return FromFilePage.fromBundle();
            }

            @Override
            public RequireRelativePath fromString(final InputStreamSupplier content, final Charset charset) {
                return relativePath -> new Page(relativePath, content);
            }

            @Override
            public RequireRelativePath fromString(final StringSupplier content, final Charset charset) {
                return fromString((InputStreamSupplier)() -> new ByteArrayInputStream(content.get().getBytes(charset)),
                    charset);
            }
        };
    }

    /**
     * Adds a resource.
     *
     * @param content the content, opened at each request
     * @param relativePath the path relative to the page's root
     * @return this
     */
    public Page addResource(final Supplier<InputStream> content, final String relativePath) {
        m_resources.put(relativePath, content::get);
        return this;
    }

    /**
     * Adds a resource from text, encoded as UTF-8.
     *
     * @param content the text, computed at each request
     * @param relativePath the path relative to the page's root
     * @return this
     */
    public Page addResourceFromString(final Supplier<String> content, final String relativePath) {
        return addResource(() -> new ByteArrayInputStream(content.get().getBytes(StandardCharsets.UTF_8)),
            relativePath);
    }

    /** Adds a resource that fails with IOException when it cannot be opened. */
    final void put(final String relativePath, final InputStreamSupplier content) {
        m_resources.put(relativePath, content);
    }

    /** @return the path of the page itself */
    public final String getRelativePath() {
        return m_relativePath;
    }

    /** @return the paths of the page and all its resources */
    public final Set<String> getResourcePaths() {
        return Set.copyOf(m_resources.keySet());
    }

    /**
     * @param relativePath the path of the page or of a resource
     * @return its content; empty if not registered
     * @throws IOException if it cannot be opened
     */
    public final Optional<InputStream> openResource(final String relativePath) throws IOException {
        final InputStreamSupplier content = m_resources.get(relativePath);
        return content == null ? Optional.empty() : Optional.of(content.get());
    }

    /** @return whether nothing of the page depends on the node it is shown for */
    public boolean isCompletelyStatic() {
        return false;
    }

    /** Opens content. */
    @FunctionalInterface
    public interface InputStreamSupplier {

        /** @throws IOException if it cannot be opened */
        InputStream get() throws IOException;
    }

    /** Computes text. */
    @FunctionalInterface
    public interface StringSupplier {

        /** @throws IOException if it cannot be computed */
        String get() throws IOException;
    }

    /** Asks where the page comes from. */
    public interface RequireFromFileOrString {

        /** From files of a bundle. The bundle must be a directory, not a jar. */
        RequireBundle fromFile();

        /** From a stream of UTF-8. */
        default RequireRelativePath fromString(final InputStreamSupplier content) {
            return fromString(content, null);
        }

        /** From text. */
        default RequireRelativePath fromString(final StringSupplier content) {
            return fromString(content, StandardCharsets.UTF_8);
        }

        /** From a stream. */
        RequireRelativePath fromString(InputStreamSupplier content, Charset charset);

        /** From text, served in an encoding. */
        RequireRelativePath fromString(StringSupplier content, Charset charset);
    }

    /** Asks for the bundle of the files. */
    public interface RequireBundle {

        /** @param clazz a class of the bundle */
        RequireBasePath bundleClass(Class<?> clazz);

        /** @param bundleID the symbolic name of the bundle */
        RequireBasePath bundleID(String bundleID);
    }

    /** Asks for the folder of the files. */
    @FunctionalInterface
    public interface RequireBasePath {

        /** @param basePath a folder of the bundle */
        RequireRelativeFilePath basePath(String basePath);
    }

    /** Asks for the file of the page. */
    @FunctionalInterface
    public interface RequireRelativeFilePath {

        /** @param relativeFilePath the file, relative to the base path */
        FromFilePage relativeFilePath(String relativeFilePath);
    }

    /** Asks for the path of a page that is not a file. */
    @FunctionalInterface
    public interface RequireRelativePath {

        /** @param relativePath the path, its extension gives the type of the content */
        Page relativePath(String relativePath);
    }
}
