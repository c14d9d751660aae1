package org.scanbridge.knime.view;

import java.util.function.Function;

import org.knime.node.DefaultView;
import org.knime.node.DefaultView.RequireViewParameters;
import org.knime.node.DefaultView.ViewInput;

/** The view that shows a page of its own, such as the curves of a training or the result of a study. */
public final class ReportView {

    private ReportView() {
    }

    /**
     * Adds the view to a node.
     *
     * @param description what is seen
     * @param page makes the page, complete HTML; empty before the node was executed
     */
    public static DefaultView add(final RequireViewParameters view, final String description,
        final Function<ViewInput, String> page) {
        return view.withoutParameters() //
            .description(description) //
            .page(p -> p.fromFile().bundleClass(ReportView.class).basePath("web").relativeFilePath("report.html")
                .addResourceFile("report.js").addResourceFile("embedder.js")) //
            .initialData(d -> d.data(page::apply));
    }
}
