/** Architectures as data, their parameters and the parameters' values; knows nothing of TensorFlow. */
package org.scanbridge.learning.architecture;
