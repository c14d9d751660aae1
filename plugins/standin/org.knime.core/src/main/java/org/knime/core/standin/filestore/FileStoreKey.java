package org.knime.core.standin.filestore;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Objects;
import java.util.UUID;

/**
 * How a file store is found again.
 *
 * @param store the node execution that created it
 * @param index its number within the execution, counted from 0
 * @param name its name
 */
public record FileStoreKey(UUID store, int index, String name) {

    /** All are needed. */
    public FileStoreKey {
        Objects.requireNonNull(store, "store");
        Objects.requireNonNull(name, "name");
    }

    /** Writes this key. */
    public void write(final DataOutput out) throws IOException {
        out.writeLong(store.getMostSignificantBits());
        out.writeLong(store.getLeastSignificantBits());
        out.writeInt(index);
        out.writeUTF(name);
    }

    /** @return the key that {@link #write} wrote */
    public static FileStoreKey read(final DataInput in) throws IOException {
        return new FileStoreKey(new UUID(in.readLong(), in.readLong()), in.readInt(), in.readUTF());
    }
}
