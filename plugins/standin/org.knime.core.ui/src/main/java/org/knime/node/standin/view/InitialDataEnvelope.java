package org.knime.node.standin.view;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.knime.core.node.NodeLogger;
import org.knime.core.webui.data.DataServiceContext;
import org.knime.core.webui.data.DataServiceException;
import org.knime.node.standin.json.JsonException;
import org.knime.node.standin.json.JsonParser;
import org.knime.node.standin.json.JsonWriter;

/**
 * Wraps the data a page starts with: {@code {"result":…}}, with {@code warningMessages} if there are any, or
 * {@code {"userError":{message,details}}}, or {@code {"internalError":{stackTrace,typeName,message}}}.
 */
public final class InitialDataEnvelope {

    private static final NodeLogger LOGGER = NodeLogger.getLogger(InitialDataEnvelope.class);

    private InitialDataEnvelope() {
    }

    /**
     * @param data computes the data
     * @return the envelope as JSON
     */
    public static String of(final Supplier<Object> data) {
        try {
            final Map<String, Object> envelope = new LinkedHashMap<>();
            envelope.put("result", embedded(data.get()));
            final String[] warnings = DataServiceContext.get().getWarningMessages();
            if (warnings.length > 0) {
                envelope.put("warningMessages", List.of(warnings));
            }
            return JsonWriter.write(envelope);
        } catch (DataServiceException e) {
            final Map<String, Object> error = new LinkedHashMap<>();
            error.put("message", e.getMessage());
            error.put("details", e.getDetails());
            return JsonWriter.write(Map.of("userError", error));
        } catch (Exception | LinkageError e) { // whatever the node throws is reported to the page
            LOGGER.error("The initial data of a view failed: " + e.getMessage(), e);
            final Map<String, Object> error = ErrorData.of(e);
            error.put("message", e.getMessage());
            return JsonWriter.write(Map.of("internalError", error));
        } finally {
            DataServiceContext.remove();
        }
    }

    /** A string that is JSON is embedded as JSON. */
    private static Object embedded(final Object data) {
        if (data instanceof String text) {
            try {
                return JsonParser.parse(text);
            } catch (JsonException e) { // plain text then
                return text;
            }
        }
        return data;
    }
}
