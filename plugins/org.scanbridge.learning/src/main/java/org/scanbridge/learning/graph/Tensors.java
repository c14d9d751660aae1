package org.scanbridge.learning.graph;

import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Copies between Java arrays and tensors. */
final class Tensors {

    private Tensors() {
    }

    /** A float tensor; the caller closes it. */
    static TFloat32 of(final float[] values, final long... shape) {
        return TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(values));
    }

    /** A tensor of unsigned bytes; the caller closes it. */
    static TUint8 of(final byte[] values, final long... shape) {
        return TUint8.tensorOf(Shape.of(shape), DataBuffers.of(values));
    }

    /** The values of a float tensor. */
    static float[] values(final Tensor tensor) {
        final float[] values = new float[Math.toIntExact(tensor.size())];
        tensor.asRawTensor().data().asFloats().read(values);
        return values;
    }

    /** The value of a scalar. */
    static float scalar(final Tensor tensor) {
        return ((TFloat32)tensor).getFloat();
    }
}
