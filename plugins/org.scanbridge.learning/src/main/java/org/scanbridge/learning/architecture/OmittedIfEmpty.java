package org.scanbridge.learning.architecture;

import java.io.IOException;
import java.util.List;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;

/** Writes an empty list as if it were not there, so that what does not use it looks as it did before there was one. */
final class OmittedIfEmpty implements TypeAdapterFactory {

    @Override
    public <T> TypeAdapter<T> create(final Gson gson, final TypeToken<T> type) {
        final TypeAdapter<T> lists = gson.getAdapter(type);
        return new TypeAdapter<>() {
            @Override
            public void write(final JsonWriter out, final T value) throws IOException {
                if (((List<?>)value).isEmpty()) {
                    out.nullValue();
                } else {
                    lists.write(out, value);
                }
            }

            @Override
            public T read(final JsonReader in) throws IOException {
                return lists.read(in);
            }
        };
    }
}
