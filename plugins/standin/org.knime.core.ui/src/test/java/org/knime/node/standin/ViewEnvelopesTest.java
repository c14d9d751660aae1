package org.knime.node.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knime.core.webui.data.DataServiceContext;
import org.knime.core.webui.data.DataServiceException;
import org.knime.node.standin.json.JsonParser;
import org.knime.node.standin.view.InitialDataEnvelope;
import org.knime.node.standin.view.RpcCall;

/** The envelopes a real KNIME 5.8.3 gave for the same handlers. */
class ViewEnvelopesTest {

    /** A handler as a node would have it. */
    public static final class Service {
        public String slice(final int row, final int z) {
            return "slice " + row + " " + z;
        }

        public int sum(final int[] a, final Map<String, Integer> m) {
            return a.length + m.size();
        }

        public void nothing() {
        }

        public String warn() {
            DataServiceContext.get().addWarningMessage("careful");
            return "ok";
        }

        public String user() {
            throw new DataServiceException("short msg", "details here");
        }

        public String bug() {
            throw new IllegalStateException("a bug");
        }

        public Object date() {
            return java.time.LocalDate.EPOCH;
        }
    }

    static final class Hidden {
        public String name() {
            return "x";
        }
    }

    private static String call(final String request) {
        return RpcCall.answer(Map.of("", new Service()), request);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"jsonrpc":"2.0","id":7,"method":"slice","params":[0,3]}      | {"jsonrpc":"2.0","id":7,"result":"slice 0 3"}
        {"jsonrpc":"2.0","id":7,"method":"slice","params":["0",3.0]}  | {"jsonrpc":"2.0","id":7,"result":"slice 0 3"}
        {"jsonrpc":"2.0","id":"a","method":"sum","params":[[1],{"k":2}]} | {"jsonrpc":"2.0","id":"a","result":2}
        {"jsonrpc":"2.0","id":7,"method":"nothing","params":[]}       | {"jsonrpc":"2.0","id":7,"result":null}
        {"jsonrpc":"2.0","id":7,"method":"nothing"}                   | {"jsonrpc":"2.0","id":7,"result":null}
        {"jsonrpc":"2.0","id":7,"method":"warn","params":[]} | {"jsonrpc":"2.0","id":7,"result":"ok","warningMessages":["careful"]}
        {"jsonrpc":"2.0","id":7,"method":"user","params":[]} | {"jsonrpc":"2.0","id":7,"error":{"code":-32001,"message":"short msg","data":{"details":"details here","typeName":"org.knime.core.webui.data.DataServiceException"}}}
        {"jsonrpc":"2.0","id":7,"method":"none","params":[]} | {"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"method not found"}}
        {"jsonrpc":"2.0","id":7,"method":"hashCode","params":[]} | {"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"method not found"}}
        {"jsonrpc":"2.0","id":7,"method":"slice","params":[0]} | {"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"method parameters invalid"}}
        {"jsonrpc":"2.0","id":7,"method":"slice","params":{"row":0,"z":1}} | {"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"method parameters invalid"}}
        not json | {"id":"null","error":{"code":-32700,"message":"JSON parse error"}}
        """)
    void answersAsKnimeDoes(final String request, final String response) {
        assertEquals(response, call(request));
    }

    @Test
    void warningsDoNotReachTheNextCall() {
        call("{\"id\":1,\"method\":\"warn\"}");
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":null}", call("{\"id\":2,\"method\":\"nothing\"}"));
    }

    @Test
    void otherExceptionsComeWithTypeAndStackTrace() {
        final Map<?, ?> error = (Map<?, ?>)((Map<?, ?>)JsonParser.parse(call("{\"id\":1,\"method\":\"bug\"}")))
            .get("error");
        assertEquals(-32000L, error.get("code"));
        assertEquals("a bug", error.get("message"));
        final Map<?, ?> data = (Map<?, ?>)error.get("data");
        assertEquals("java.lang.IllegalStateException", data.get("typeName"));
        assertTrue(((List<?>)data.get("stackTrace")).get(0).toString().contains("bug"), data.toString());
    }

    @Test
    void aResultWithoutJsonFormIsAnError() {
        assertTrue(call("{\"id\":1,\"method\":\"date\"}").contains("java.time.LocalDate"));
    }

    @Test
    void handlersMustBePublic() {
        final String response = RpcCall.answer(Map.of("a", new Hidden(), "b", new Service()),
            "{\"id\":1,\"method\":\"a.name\",\"params\":[]}");
        assertTrue(response.contains("-32000") && response.contains("cannot access a member of class"), response);
    }

    @Test
    void namedHandlersAreCalledByName() {
        assertEquals("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"slice 1 2\"}",
            RpcCall.answer(Map.of("b", new Service()), "{\"id\":1,\"method\":\"b.slice\",\"params\":[1,2]}"));
        assertTrue(RpcCall.answer(Map.of("b", new Service()), "{\"id\":1,\"method\":\"slice\",\"params\":[1,2]}")
            .contains("-32601"));
    }

    @Test
    void initialDataIsWrapped() {
        assertEquals("{\"result\":{\"a\":1}}", InitialDataEnvelope.of(() -> Map.of("a", 1)));
        assertEquals("{\"result\":{\"a\":[1]}}", InitialDataEnvelope.of(() -> "{\"a\": [1]}"));
        assertEquals("{\"result\":\"plain\"}", InitialDataEnvelope.of(() -> "plain"));
        assertEquals("{\"result\":1,\"warningMessages\":[\"careful\"]}", InitialDataEnvelope.of(() -> {
            DataServiceContext.get().addWarningMessage("careful");
            return 1;
        }));
    }

    @Test
    void failuresOfInitialDataAreTold() {
        assertEquals("{\"userError\":{\"message\":\"msg\",\"details\":\"det\"}}", InitialDataEnvelope.of(() -> {
            throw new DataServiceException("msg", "det");
        }));
        final String internal = InitialDataEnvelope.of(() -> {
            throw new IllegalStateException("no data");
        });
        assertTrue(internal.startsWith("{\"internalError\":{\"stackTrace\":[\"")
            && internal.endsWith("],\"typeName\":\"java.lang.IllegalStateException\",\"message\":\"no data\"}}"), internal);
    }
}
