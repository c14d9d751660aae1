package org.knime.node.standin.view;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How an exception that counts as a bug is reported to a page. */
final class ErrorData {

    private ErrorData() {
    }

    static Map<String, Object> of(final Throwable error) {
        final List<String> stackTrace =
            Arrays.stream(error.getStackTrace()).map(StackTraceElement::toString).toList();
        final Map<String, Object> data = new LinkedHashMap<>();
        data.put("stackTrace", stackTrace);
        data.put("typeName", error.getClass().getName());
        return data;
    }
}
