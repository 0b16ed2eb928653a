"""Networks of Keras as ONNX files, channels last, by both of the exporters that it has, with outputs and gradients.

    pip install keras torch onnx onnxscript onnxruntime safetensors
    python spec/reference/keras_networks.py                             # keras-NAME: over PyTorch
    pip install keras tensorflow-cpu tf2onnx onnx onnxruntime safetensors
    PYTHONHASHSEED=0 KERAS_BACKEND=tensorflow python spec/reference/keras_networks.py    # keras-tf-NAME: over TensorFlow, by tf2onnx
    python spec/reference/keras_networks.py conv1d pool                 # those alone whose names hold one of these words

Each NAME.onnx in spec/onnx has a NAME.safetensors beside it: `input`, in the order of the file, channels last; `single`, what onnxruntime makes of it; `double`,
what the reference evaluator of ONNX makes of it in double precision; and where `labels` stand there, `gradient.TENSOR`: the gradient of the mean cross-entropy with
these classes, by differences of fourth order of that evaluator, with weights of dense layers as a row for each output.
"""

import logging
import os
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402
from keras import Sequential  # noqa: E402
from keras import layers as of  # noqa: E402
from onnx.reference import ReferenceEvaluator  # noqa: E402
from onnx.reference.op_run import OpRun  # noqa: E402
from safetensors.numpy import save_file  # noqa: E402

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
HERE = Path(__file__).resolve().parent.parent / "onnx"
WORDS = sys.argv[1:]
KIND = {"torch": "keras", "tensorflow": "keras-tf"}[keras.backend.backend()]
SINGLE, DOUBLE = onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE


class GlobalMaxPool(OpRun):
    """Over one side, too, where that of the evaluator (onnx 1.23) takes the channels for a side."""

    def _run(self, x):
        return (x.max(axis=tuple(range(2, x.ndim)), keepdims=True),)


def run(model, rows):
    """What the reference evaluator makes of the rows."""
    return ReferenceEvaluator(model, new_ops=[GlobalMaxPool]).run(None, {model.graph.input[0].name: rows})[0]


def in_double(model):
    """The same graph, computed in double precision."""
    model = onnx.ModelProto.FromString(model.SerializeToString())

    def widened(tensor):
        if tensor.data_type == SINGLE:
            tensor.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(tensor).astype(np.float64), tensor.name))

    for tensor in model.graph.initializer:
        widened(tensor)
    for node in model.graph.node:
        for attribute in node.attribute:
            if attribute.name == "to" and attribute.i == SINGLE:
                attribute.i = DOUBLE
            widened(attribute.t)
    for value in [*model.graph.input, *model.graph.output]:
        value.type.tensor_type.elem_type = DOUBLE
    return model


def gradients(model, rows):
    """The gradient of the mean cross-entropy by each tensor of weights, row n being of class n modulo the number of classes."""
    initial = {tensor.name: tensor for tensor in model.graph.initializer}
    ends = model.graph.node[-1].op_type == "Softmax"

    def loss():
        outputs = run(model, rows)
        logarithms = np.log(outputs) if ends else outputs - np.logaddexp.reduce(outputs, 1, keepdims=True)
        labels = np.arange(len(rows)) % outputs.shape[1]
        return -logarithms[np.arange(len(rows)), labels].mean(), labels

    def slope(tensor, numbers, place, step):
        total = 0
        for steps, weight in [(-2, 1), (-1, -8), (1, 8), (2, -1)]:
            moved = numbers.copy()
            moved.flat[place] += steps * step
            tensor.CopyFrom(onnx.numpy_helper.from_array(moved, tensor.name))
            total += weight * loss()[0]
        tensor.CopyFrom(onnx.numpy_helper.from_array(numbers, tensor.name))
        return total / (12 * step)

    found = {"labels": loss()[1].astype(np.float64)}
    for name, tensor in initial.items():
        numbers = onnx.numpy_helper.to_array(tensor)
        if numbers.dtype != np.float64 or numbers.size < 2:
            continue
        gradient = np.array([slope(tensor, numbers, place, 1e-5) for place in range(numbers.size)]).reshape(numbers.shape)
        found[f"gradient.{name}"] = gradient
    return found


def of_command(name, arrays):
    """The same as a table, a row for each sample with its channels last, and as a file of gradients, as the command takes them."""
    rows = arrays["input"].reshape(len(arrays["input"]), -1)
    sides = [(place, channel) for place in range(arrays["input"].shape[1]) for channel in "ab"]
    lines = [",".join(f"{channel}{place}" for place, channel in sides) + ",class"]
    lines += [",".join(map(repr, row.tolist())) + f",{label:.0f}" for row, label in zip(rows, arrays["labels"])]
    (HERE / f"{name}.csv").write_text("\n".join([*lines, ""]))
    # Of numbers that are no parameters, as the statistics of a batch norm, the network has no gradient; this one has none.
    found = {key.removeprefix("gradient."): value for key, value in arrays.items() if key.startswith("gradient.")}
    np.savez_compressed(HERE / f"{name}.npz", **found)


def export(name, build, graded=True):
    """A network with drawn weights, exported by Keras itself; biases that are all alike would be stored once."""
    name = f"{KIND}-{name}"
    if WORDS and not any(word in name for word in WORDS):
        return
    keras.utils.clear_session()
    model = build()
    keras.utils.set_random_seed(20)
    for weight in model.weights:
        drawn = np.random.normal(size=weight.shape) / np.sqrt(np.prod(weight.shape[:-1]))
        weight.assign(np.abs(drawn) if "variance" in weight.path else drawn)
    rows = np.random.normal(size=(6, *model.input_shape[1:])).astype(np.float32)
    model(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        model.export(path, format="onnx", verbose=False)
        data = onnx.load(path)
    del data.graph.value_info[:]
    stored = data.SerializeToString()
    (HERE / f"{name}.onnx").write_bytes(stored)
    session = onnxruntime.InferenceSession(stored, providers=["CPUExecutionProvider"])
    single = session.run(None, {session.get_inputs()[0].name: rows})[0]
    arrays = {"input": rows.astype(np.float64), "single": single.astype(np.float64)}
    wide = in_double(data)
    arrays["double"] = run(wide, arrays["input"])
    assert np.allclose(arrays["double"], single, rtol=1e-4, atol=1e-5), name
    if graded:
        arrays |= gradients(wide, arrays["input"])
    save_file({key: np.ascontiguousarray(value) for key, value in arrays.items()}, HERE / f"{name}.safetensors")
    if name == "keras-causal":
        of_command(name, arrays)
    print(f"{name}: {len(stored)} bytes, {len(data.graph.node)} nodes")


def residual():
    start = of.Input((6,))
    ahead = of.Dense(6)(of.Dense(9, activation="relu")(start))
    return keras.Model(start, of.Dense(2)(of.Activation("elu")(of.Add()([start, ahead]))))


def resnet():
    """Two blocks of a ResNet: the first past the samples themselves, the second past a projection."""
    start = of.Input((6, 6, 2))
    value = start
    for filters, strides in [(2, 1), (3, 2)]:
        ahead = of.Conv2D(filters, 3, padding="same")(value)
        ahead = of.ReLU()(of.BatchNormalization()(ahead))
        ahead = of.Conv2D(filters, 3 if strides == 1 else 2, strides=strides, padding="same" if strides == 1 else "valid")(ahead)
        past = value if strides == 1 else of.Conv2D(filters, 1, strides=strides)(value)
        value = of.ReLU()(of.Add()([past, ahead]))
    return keras.Model(start, of.Dense(3)(of.Flatten()(value)))


export("dense", lambda: Sequential([of.Input((4,)), of.Dense(5, activation="tanh"), of.Dropout(0.2), of.Dense(3, activation="softmax")]))
export("norm", lambda: Sequential([of.Input((4,)), of.Dense(5), of.BatchNormalization(), of.Activation("tanh"), of.Dense(2)]))
export("residual", residual)
export("conv2d", lambda: Sequential([
    of.Input((6, 8, 2)), of.Conv2D(3, 3, activation="relu"), of.MaxPooling2D(2), of.Flatten(), of.Dense(3)]))
# One channel: the order of the numbers stays, their sides do not.
export("grey", lambda: Sequential([
    of.Input((6, 9, 1)), of.Conv2D(2, (2, 3), strides=(1, 2), activation="tanh"), of.AveragePooling2D(2), of.Conv2D(3, (1, 2)), of.Dropout(0.5),
    of.Flatten(), of.Dense(2)]))
# Padding that keeps the size is computed from the shape, within the graph.
export("same", lambda: Sequential([
    of.Input((6, 7, 2)), of.Conv2D(3, 3, strides=2, padding="same"), of.BatchNormalization(), of.Activation("relu"),
    of.MaxPooling2D(2, padding="same"), of.Flatten(), of.Dense(3, activation="softmax")]))
export("global", lambda: Sequential([
    of.Input((5, 6, 2)), of.BatchNormalization(), of.Conv2D(3, 3, padding="same", activation="elu"), of.GlobalAveragePooling2D(),
    of.Dense(3, activation="softmax")]))
export("conv1d", lambda: Sequential([
    of.Input((9, 2)), of.Conv1D(3, 3, activation="silu"), of.MaxPooling1D(2), of.Conv1D(4, 2, padding="same"), of.AveragePooling1D(2),
    of.Flatten(), of.Dense(3)]))
export("causal", lambda: Sequential([
    of.Input((7, 2)), of.Conv1D(4, 3, padding="causal", activation="tanh"), of.GlobalMaxPooling1D(keepdims=True), of.Conv1D(3, 1), of.Flatten(),
    of.Dense(2)]))
export("padded", lambda: Sequential([
    of.Input((3, 4, 2)), of.Rescaling(0.5, -0.25), of.ZeroPadding2D(((1, 0), (0, 2))), of.Conv2D(2, 3), of.GlobalMaxPooling2D(), of.Dense(2)]))
export("reshape", lambda: Sequential([
    of.Input((4,)), of.Dense(12), of.Reshape((3, 2, 2)), of.Conv2D(2, 2, activation="tanh"), of.Permute((3, 1, 2)), of.Flatten(), of.Dense(2)]))
export("resnet", resnet)
# Not read: the mean of windows over a repeated rim (PyTorch), dense layers at each place (TensorFlow makes other samples of them).
export("mean-same", lambda: Sequential([
    of.Input((5, 5, 2)), of.AveragePooling2D(2, padding="same"), of.Flatten(), of.Dense(2)]), graded=False)
export("places", lambda: Sequential([of.Input((3, 4, 2)), of.Dense(3), of.Flatten(), of.Dense(2)]), graded=False)
