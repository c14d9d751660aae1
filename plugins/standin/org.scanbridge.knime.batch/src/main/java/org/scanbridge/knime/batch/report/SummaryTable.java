package org.scanbridge.knime.batch.report;

import java.util.List;

/** The table of nodes, states and times that ends a run. */
public final class SummaryTable {

    private static final int MESSAGE_LENGTH = 160;

    private SummaryTable() {
    }

    /**
     * @param nodes the nodes in the order they are to be listed
     * @return one line for the heading and one per node, each ended by a line feed
     */
    public static String format(final List<NodeReport> nodes) {
        final int width = nodes.stream().mapToInt(n -> n.label().length()).max().orElse(0);
        final String row = "%-" + Math.max(width, 4) + "s  %-10s  %10s  %s";
        final StringBuilder table = new StringBuilder();
        append(table, String.format(row, "Node", "State", "Time", "Message"));
        for (NodeReport node : nodes) {
            append(table, String.format(row, node.label(), node.outcome(), node.elapsed().map(Texts::time).orElse("-"),
                node.message().map(m -> Texts.oneLine(m, MESSAGE_LENGTH)).orElse("")));
        }
        return table.toString();
    }

    private static void append(final StringBuilder table, final String line) {
        table.append(line.stripTrailing()).append('\n');
    }
}
