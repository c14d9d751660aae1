package org.knime.node.standin.view;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.knime.core.node.NodeLogger;
import org.knime.core.webui.data.DataServiceContext;
import org.knime.core.webui.data.DataServiceException;
import org.knime.node.standin.json.JsonConversion;
import org.knime.node.standin.json.JsonException;
import org.knime.node.standin.json.JsonParser;
import org.knime.node.standin.json.JsonWriter;

/**
 * Answers JSON-RPC 2.0 requests of a page with public methods of handlers. Parameters are positional only. Error codes
 * beside those of JSON-RPC: -32001 for a {@link DataServiceException}, -32000 for any other exception; both name the class of
 * the exception in {@code data.typeName}.
 */
public final class RpcCall {

    private static final NodeLogger LOGGER = NodeLogger.getLogger(RpcCall.class);

    private static final int PARSE_ERROR = -32700;

    private static final int INVALID_REQUEST = -32600;

    private static final int METHOD_NOT_FOUND = -32601;

    private static final int INVALID_PARAMS = -32602;

    private static final int USER_ERROR = -32001;

    private static final int INTERNAL_ERROR = -32000;

    private RpcCall() {
    }

    /**
     * @param handlers the handlers by name; a single one without a name has the empty name
     * @param request the request as JSON
     * @return the response as JSON
     */
    public static String answer(final Map<String, Object> handlers, final String request) {
        final Object parsed;
        try {
            parsed = JsonParser.parse(request);
        } catch (JsonException e) { // the protocol has no place for the reason
            return JsonWriter.write(failed("null", PARSE_ERROR, "JSON parse error", null, false));
        }
        if (!(parsed instanceof Map<?, ?> call) || !(call.get("method") instanceof String method)) {
            return JsonWriter.write(failed("null", INVALID_REQUEST, "invalid request", null, true));
        }
        final Object id = call.get("id");
        try {
            return JsonWriter.write(call(handlers, id, method, call.get("params")));
        } catch (DataServiceException e) {
            final Map<String, Object> data = new LinkedHashMap<>();
            data.put("details", e.getDetails());
            data.put("typeName", e.getClass().getName());
            return JsonWriter.write(failed(id, USER_ERROR, e.getMessage(), data, true));
        } catch (Exception | LinkageError e) { // whatever the node throws is reported to the page
            LOGGER.error("The method \"" + method + "\" of a view failed: " + e.getMessage(), e);
            return JsonWriter.write(failed(id, INTERNAL_ERROR, e.getMessage(), ErrorData.of(e), true));
        } finally {
            DataServiceContext.remove();
        }
    }

    private static Map<String, Object> call(final Map<String, Object> handlers, final Object id, final String name,
        final Object params) throws Exception {
        final int dot = name.indexOf('.');
        final Object handler = handlers.get(dot < 0 ? "" : name.substring(0, dot));
        final List<Method> methods = handler == null ? List.of() : methods(handler, name.substring(dot + 1));
        if (methods.isEmpty()) {
            return failed(id, METHOD_NOT_FOUND, "method not found", null, true);
        }
        for (final Method method : methods) {
            final Object[] arguments = arguments(method, params);
            if (arguments != null) {
                return succeeded(id, invoke(method, handler, arguments));
            }
        }
        return failed(id, INVALID_PARAMS, "method parameters invalid", null, true);
    }

    private static List<Method> methods(final Object handler, final String name) {
        return Arrays.stream(handler.getClass().getMethods())
            .filter(m -> m.getName().equals(name) && m.getDeclaringClass() != Object.class && !m.isBridge())
            .sorted(Comparator.comparing(Method::toGenericString)).toList();
    }

    /** @return the converted parameters, or null if they do not fit the method */
    private static Object[] arguments(final Method method, final Object params) {
        if (params != null && !(params instanceof List)) {
            return null;
        }
        final List<?> given = params == null ? List.of() : (List<?>)params;
        final Type[] types = method.getGenericParameterTypes();
        if (given.size() != types.length) {
            return null;
        }
        final Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            try {
                arguments[i] = JsonConversion.convert(given.get(i), types[i]);
            } catch (JsonException e) { // another overload may fit
                return null;
            }
        }
        return arguments;
    }

    private static Object invoke(final Method method, final Object handler, final Object[] arguments)
        throws Exception {
        try {
            return method.invoke(handler, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw (Error)e.getCause();
        }
    }

    private static Map<String, Object> succeeded(final Object id, final Object result) {
        final Map<String, Object> response = new LinkedHashMap<>();
        response.put("jsonrpc", "2.0");
        response.put("id", id);
        response.put("result", result);
        final String[] warnings = DataServiceContext.get().getWarningMessages();
        if (warnings.length > 0) {
            response.put("warningMessages", List.of(warnings));
        }
        return response;
    }

    private static Map<String, Object> failed(final Object id, final int code, final String message,
        final Map<String, Object> data, final boolean withVersion) {
        final Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        if (data != null) {
            error.put("data", data);
        }
        final Map<String, Object> response = new LinkedHashMap<>();
        if (withVersion) {
            response.put("jsonrpc", "2.0");
        }
        response.put("id", id);
        response.put("error", error);
        return response;
    }
}
