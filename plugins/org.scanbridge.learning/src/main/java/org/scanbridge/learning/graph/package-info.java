/**
 * Networks, losses and optimizer steps as TensorFlow graphs: the only package that touches TensorFlow. Its public types
 * have none of TensorFlow's types in their signatures.
 */
package org.scanbridge.learning.graph;
