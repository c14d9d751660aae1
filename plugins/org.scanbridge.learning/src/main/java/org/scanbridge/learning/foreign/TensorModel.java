package org.scanbridge.learning.foreign;

/** A network that is ready to run, of any software. Not for several threads at once. */
public interface TensorModel extends AutoCloseable {

    /**
     * An array of numbers.
     *
     * @param shape sizes of its axes
     * @param values row-major
     */
    record Tensor(long[] shape, float[] values) {
    }

    /**
     * Runs the network.
     *
     * @param input what it is fed with
     * @return its output
     * @throws org.scanbridge.learning.LearningException if it cannot be run on such an input, with the engine's own reason
     */
    Tensor run(Tensor input);

    @Override
    void close();
}
