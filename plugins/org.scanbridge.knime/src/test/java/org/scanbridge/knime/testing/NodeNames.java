package org.scanbridge.knime.testing;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

import org.scanbridge.knime.data.VolumeCell;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The nodes that plugin.xml registers. */
public final class NodeNames {

    private NodeNames() {
    }

    /** The names of the factory classes, in the order of plugin.xml. */
    public static List<String> factories() {
        try (InputStream in = VolumeCell.class.getResourceAsStream("/plugin.xml")) {
            final NodeList nodes =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getElementsByTagName("node");
            final List<String> names = new ArrayList<>();
            for (int n = 0; n < nodes.getLength(); n++) {
                names.add(((Element)nodes.item(n)).getAttribute("factory-class"));
            }
            if (names.isEmpty()) {
                throw new IllegalStateException("the first plugin.xml of the class path registers no nodes; it is not ours");
            }
            return names;
        } catch (final Exception e) {
            throw new IllegalStateException("plugin.xml is not readable", e);
        }
    }
}
