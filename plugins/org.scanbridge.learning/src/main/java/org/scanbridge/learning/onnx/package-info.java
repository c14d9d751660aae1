/** Networks in the exchange format ONNX (https://onnx.ai, onnx.proto of version 1.12 and later). */
package org.scanbridge.learning.onnx;
