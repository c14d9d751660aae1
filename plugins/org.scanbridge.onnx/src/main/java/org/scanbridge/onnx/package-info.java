/** Runs ONNX files by Microsoft's ONNX Runtime. */
package org.scanbridge.onnx;
