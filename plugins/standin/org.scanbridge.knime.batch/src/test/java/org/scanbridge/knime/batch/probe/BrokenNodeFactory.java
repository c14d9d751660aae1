package org.scanbridge.knime.batch.probe;

import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;

/** A factory that cannot be made. */
public final class BrokenNodeFactory extends DefaultNodeFactory {

    /** Always fails. */
    public BrokenNodeFactory() {
        super(fail());
    }

    private static DefaultNode fail() {
        throw new IllegalStateException("no icon");
    }
}
