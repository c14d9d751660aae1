#!/usr/bin/env bash
# Library:  tf2onnx 1.17.0 with tensorflow-cpu 2.21.0, onnx 1.23.2, onnxruntime 1.32.0 (Python 3.11).
# Guess:    a SavedModel of TensorFlow 1's format that TensorFlow 2 loads and runs is one that converters convert; if they
#           cannot, they fail.
# Behavior: what tells a variable from any other resource are the meta graph's collections "variables" and
#           "trainable_variables". Without them, as writers other than TensorFlow's own make it, the network runs with the same
#           outputs to the last bit, but lists no variables, Keras' TFSMLayer has no weights to train, and tf2onnx prints
#           "Unsupported ops", ends with exit code 0 and writes a file that onnxruntime refuses (VarHandleOp).
# Seen on:  2026-11-29. Output seen (variables, weights, exit code of tf2onnx, onnxruntime, "Unsupported ops" printed):
#             with (1, 1, 0, 'equal', False)
#             without (0, 0, 0, 'refused', True)
#             as described
# What it means here: the SavedModelWriter lists the variables, and a test reads the lists.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet tensorflow-cpu==2.21.0 tf2onnx==1.17.0 onnx==1.23.2 onnxruntime==1.32.0
cat > check.py <<'PYTHON'
import os
import shutil
import subprocess
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import onnxruntime
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

v1 = tf.compat.v1
with tf.Graph().as_default(), v1.Session() as session:
    image = v1.placeholder(tf.float32, [None, 8, 8, 8, 1], name="image")
    kernel = v1.get_variable("kernel", [3, 3, 3, 1, 2], use_resource=True,
                             initializer=v1.random_normal_initializer(seed=1))
    output = tf.identity(tf.nn.conv3d(image, kernel, [1] * 5, "SAME"), name="output")
    session.run(v1.global_variables_initializer())
    v1.saved_model.simple_save(session, "with", {"image": image}, {"output": output})
shutil.copytree("with", "without")
model = saved_model_pb2.SavedModel()
with open("without/saved_model.pb", "rb") as file:
    model.ParseFromString(file.read())
for name in ("variables", "trainable_variables"):
    del model.meta_graphs[0].collection_def[name]
with open("without/saved_model.pb", "wb") as file:
    file.write(model.SerializeToString())

x = np.random.default_rng(1).normal(size=(1, 8, 8, 8, 1)).astype("float32")
outputs = {}
seen = {}
for name in ("with", "without"):
    loaded = tf.saved_model.load(name)
    outputs[name] = loaded.signatures["serving_default"](tf.constant(x))["output"].numpy()
    layer = keras.layers.TFSMLayer(name, call_endpoint="serving_default", trainable=True)
    converted = subprocess.run([sys.executable, "-m", "tf2onnx.convert", "--saved-model", name, "--output", name + ".onnx"],
                               capture_output=True, text=True)
    try:
        run = onnxruntime.InferenceSession(name + ".onnx")
        onnx = "equal" if np.abs(run.run(None, {run.get_inputs()[0].name: x})[0] - outputs[name]).max() < 1e-5 else "different"
    except Exception as e:
        onnx = "refused" if "VarHandleOp" in str(e) else "refused otherwise: " + str(e)
    seen[name] = (len(loaded.variables), len(layer.weights), converted.returncode, onnx,
                  "Unsupported ops" in converted.stderr + converted.stdout)
    print(name, seen[name])
assert np.array_equal(outputs["with"], outputs["without"])
assert seen["with"] == (1, 1, 0, "equal", False), seen
assert seen["without"] == (0, 0, 0, "refused", True), seen
print("as described")
PYTHON
venv/bin/python check.py 2>&1 | grep -v "oneDNN custom operations"
