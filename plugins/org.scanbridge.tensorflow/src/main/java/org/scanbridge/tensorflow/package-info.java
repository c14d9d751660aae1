/** The door to DJL and TensorFlow: where the natives are, the one engine of a JVM, and whose turn it is to train. */
package org.scanbridge.tensorflow;
