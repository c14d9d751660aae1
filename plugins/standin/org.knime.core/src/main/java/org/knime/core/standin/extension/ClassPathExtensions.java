package org.knime.core.standin.extension;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** Extensions as the plugin.xml files on a class path declare them; for tests that run without the platform. */
public final class ClassPathExtensions implements ExtensionSource {

    private final ClassLoader m_loader;

    private final List<Element> m_extensions = new ArrayList<>();

    /** @param loader finds the files named plugin.xml, and the classes they name */
    public ClassPathExtensions(final ClassLoader loader) {
        m_loader = loader;
        try {
            for (final URL url : Collections.list(loader.getResources("plugin.xml"))) {
                for (final Element e : children(parse(url).getDocumentElement())) {
                    if (e.getTagName().equals("extension")) {
                        e.setUserData("source", url.toString(), null);
                        m_extensions.add(e);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Document parse(final URL url) throws IOException {
        try (InputStream in = url.openStream()) {
            final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(in);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("Cannot read " + url + ": " + e.getMessage(), e);
        }
    }

    private static List<Element> children(final Element parent) {
        final List<Element> result = new ArrayList<>();
        for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element e) {
                result.add(e);
            }
        }
        return result;
    }

    @Override
    public List<Extension> extensions(final String point) {
        final List<Extension> result = new ArrayList<>();
        for (final Element e : m_extensions) {
            if (e.getAttribute("point").equals(point)) {
                for (final Element c : children(e)) {
                    result.add(new XmlExtension(c, (String)e.getUserData("source"), m_loader));
                }
            }
        }
        return result;
    }

    private record XmlExtension(Element element, String contributor, ClassLoader loader) implements Extension {

        @Override
        public String name() {
            return element.getTagName();
        }

        @Override
        public String attribute(final String name) {
            return element.hasAttribute(name) ? element.getAttribute(name) : null;
        }

        @Override
        public List<Extension> children() {
            final List<Extension> result = new ArrayList<>();
            for (final Element c : ClassPathExtensions.children(element)) {
                result.add(new XmlExtension(c, contributor, loader));
            }
            return result;
        }

        @Override
        public Class<?> loadClass(final String attribute) throws ClassNotFoundException {
            return Class.forName(required(attribute), false, loader);
        }
    }
}
