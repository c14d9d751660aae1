package org.scanbridge.knime.batch.arguments;

import java.util.List;

/**
 * One {@code -option=nodeID,key,value,type}: a setting of one node that is to be replaced.
 *
 * @param nodePath ids from the workflow down to the node; more than one only for nodes inside metanodes
 * @param keyPath keys from the node's model settings down to the setting
 * @param type how the value is stored
 * @param value the parsed value (see {@link OptionType#parse(String)})
 */
public record NodeOption(List<Integer> nodePath, List<String> keyPath, OptionType type, Object value) {

    /** Copies the lists. */
    public NodeOption {
        nodePath = List.copyOf(nodePath);
        keyPath = List.copyOf(keyPath);
    }

    /**
     * @param text what follows {@code -option=}
     * @return the option
     * @throws WrongArgumentException if the text has not four parts, or the id, the type or the value cannot be read
     */
    static NodeOption parse(final String text) throws WrongArgumentException {
        // The value may hold commas: the first two and the last one split.
        final int first = text.indexOf(',');
        final int second = first < 0 ? -1 : text.indexOf(',', first + 1);
        final int last = text.lastIndexOf(',');
        if (second < 0 || last <= second) {
            throw new WrongArgumentException("Option \"" + text
                + "\" is not of the form nodeID,key,value,type, as in -option=5,epochs,20,int");
        }
        final String typeName = text.substring(last + 1);
        final OptionType type = OptionType.of(typeName).orElseThrow(() -> new WrongArgumentException(
            "Option \"" + text + "\": unknown type \"" + typeName + "\". Possible types: " + OptionType.labels()));
        final String value = text.substring(second + 1, last);
        try {
            return new NodeOption(parseIds(text, text.substring(0, first)),
                parseKeys(text, text.substring(first + 1, second)), type, type.parse(value));
        } catch (NumberFormatException ex) {
            throw new WrongArgumentException(
                "Option \"" + text + "\": the value \"" + value + "\" is no " + type.label(), ex);
        }
    }

    private static List<Integer> parseIds(final String option, final String ids) throws WrongArgumentException {
        try {
            return List.of(ids.split("/", -1)).stream().map(Integer::valueOf).toList();
        } catch (NumberFormatException ex) {
            throw new WrongArgumentException("Option \"" + option + "\": \"" + ids
                + "\" is no node id. It is the number in the node's folder name, as 5 in"
                + " \"Segmentation Learner (#5)\"", ex);
        }
    }

    private static List<String> parseKeys(final String option, final String keys) throws WrongArgumentException {
        final List<String> path = List.of(keys.split("/", -1));
        if (path.stream().anyMatch(String::isBlank)) {
            throw new WrongArgumentException("Option \"" + option + "\": \"" + keys + "\" is no settings key");
        }
        return path;
    }
}
