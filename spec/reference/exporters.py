"""Networks as ONNX files from the exporters that people use, with inputs and outputs as onnxruntime and PyTorch compute them.

    pip install torch onnx onnxscript onnxruntime scikit-learn skl2onnx safetensors
    python spec/reference/exporters.py        # writes spec/onnx/

Each NAME.onnx has a NAME.safetensors beside it: `input`, `single` (onnxruntime, in the precision of the file) and, for those
of PyTorch, `double` (the same weights in double precision).
"""

import logging
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.numpy import save_file
from skl2onnx import to_onnx
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import LinearRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from torch import nn

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
HERE = Path(__file__).resolve().parent.parent / "onnx"
HERE.mkdir(exist_ok=True)


def keep(name, data, rows, output, double=None):
    """The file, and what onnxruntime makes of some rows."""
    (HERE / f"{name}.onnx").write_bytes(data)
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    kind = np.float64 if "double" in session.get_inputs()[0].type else np.float32
    single = session.run([output], {session.get_inputs()[0].name: rows.astype(kind)})[0]
    arrays = {"input": rows.astype(np.float64), "single": single.astype(np.float64)}
    if double is not None:
        arrays["double"] = double
    save_file({key: np.ascontiguousarray(value) for key, value in arrays.items()}, HERE / f"{name}.safetensors")


def of_torch(name, module, shape, opset, dynamo, kind=torch.float32, **given):
    """A module, exported; `dynamo` is the exporter of today, the other the one before."""
    torch.manual_seed(len(name))
    rows = torch.randn(6, *shape, dtype=torch.float32).to(kind)
    module = module.to(kind).eval()
    path = HERE / f"{name}.onnx"
    if dynamo:
        given |= {"external_data": False, "verbose": False, "dynamic_shapes": ({0: torch.export.Dim("batch")},)} | given
    else:
        given |= {"dynamic_axes": {"input": {0: "batch"}}}
    torch.onnx.export(module, (rows,), path, dynamo=dynamo, opset_version=opset, input_names=["input"],
                      output_names=["output"], **given)
    model = onnx.load(path, load_external_data=False)
    # The exporter notes where in its sources each node came from: large, and different on each machine.
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del model.graph.value_info[:]
    with torch.no_grad():
        double = module.double()(rows.double()).numpy()
    keep(name, model.SerializeToString(), rows.numpy(), "output", double)


def dense(*sizes, activation=nn.ReLU, end=()):
    torch.manual_seed(sum(sizes))
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), activation()]
    return nn.Sequential(*layers[:-1], *end)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(5)
        self.a, self.b, self.out = nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(6, 2)

    def forward(self, x):
        return self.out(x + self.b(torch.relu(self.a(x))))


class Twice(nn.Module):
    """One layer used twice: its weights are no two layers' weights."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(6)
        self.a = nn.Linear(4, 4)

    def forward(self, x):
        return self.a(torch.tanh(self.a(x)))


def convolution():
    torch.manual_seed(7)
    return nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(),
                         nn.AvgPool2d(2), nn.Flatten(), nn.Linear(6, 10))


def convolution_1d():
    torch.manual_seed(8)
    return nn.Sequential(nn.Conv1d(2, 4, 3, stride=2, padding=1), nn.ELU(), nn.MaxPool1d(2), nn.Flatten(),
                         nn.LeakyReLU(0.1), nn.Linear(8, 2))


def strided():
    torch.manual_seed(10)
    return nn.Sequential(nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(4, 6, 3), nn.Tanh(), nn.Flatten(),
                         nn.Linear(24, 10))


def strided_1d():
    torch.manual_seed(11)
    return nn.Sequential(nn.Conv1d(2, 4, 3, stride=2, padding=1), nn.ELU(), nn.Flatten(), nn.Linear(16, 2))


def normalised():
    torch.manual_seed(9)
    return nn.Sequential(nn.Linear(3, 8), nn.LayerNorm(8), nn.SiLU(), nn.Dropout(0.2), nn.Linear(8, 3), nn.LogSoftmax(-1))


of_torch("torch-relu-11", dense(2, 8, 3), [2], 11, False)
of_torch("torch-relu-18", dense(2, 8, 3), [2], 18, True)
of_torch("torch-tanh-double-17", dense(4, 9, 5, 3, activation=nn.Tanh, end=[nn.Softmax(-1)]), [4], 17, False, torch.float64)
of_torch("torch-gelu-18", dense(2, 8, 3, activation=nn.GELU), [2], 18, True)
of_torch("torch-gelu-20", dense(2, 8, 3, activation=nn.GELU, end=[nn.Softmax(-1)]), [2], 20, True)
of_torch("torch-gelu-tanh-21", dense(2, 8, 3, activation=lambda: nn.GELU("tanh")), [2], 21, True)
of_torch("torch-silu-13", dense(2, 8, 1, activation=nn.SiLU, end=[nn.Sigmoid()]), [2], 13, False)
of_torch("torch-mish-18", dense(2, 8, 2, activation=nn.Mish), [2], 18, True)
of_torch("torch-leaky-17", dense(2, 8, 2, activation=lambda: nn.LeakyReLU(0.1)), [2], 17, False)
of_torch("torch-elu-17", dense(2, 8, 2, activation=nn.ELU), [2], 17, False)
of_torch("torch-selu-18", dense(2, 8, 2, activation=nn.SELU), [2], 18, True)
of_torch("torch-hardswish-18", dense(2, 8, 2, activation=nn.Hardswish), [2], 18, True)
of_torch("torch-softplus-12", dense(2, 8, 2, activation=nn.Softplus), [2], 12, False)
of_torch("torch-relu6-18", dense(2, 8, 2, activation=nn.ReLU6), [2], 18, True)
of_torch("torch-residual-18", Residual(), [6], 18, True)
of_torch("torch-twice-18", Twice(), [4], 18, True)
of_torch("torch-convolution-18", convolution(), [1, 8, 8], 18, True)
of_torch("torch-convolution-1d-11", convolution_1d(), [2, 8], 11, False)
of_torch("torch-strided-18", strided(), [1, 8, 8], 18, True)
of_torch("torch-strided-1d-11", strided_1d(), [2, 8], 11, False)
of_torch("torch-normalised-17", normalised(), [3], 17, False)

flowers, kinds = load_iris(return_X_y=True)
some = flowers[::25].astype(np.float32)
versions = lambda usual: {"": usual, "ai.onnx.ml": 3}
classifier = MLPClassifier((10,), max_iter=400, random_state=0).fit(flowers, kinds)
keep("sklearn-iris-21", to_onnx(classifier, some[:1], target_opset=versions(21), options={"zipmap": False})
     .SerializeToString(), some, "probabilities")
(HERE / "sklearn-zipmap-15.onnx").write_bytes(to_onnx(classifier, some[:1], target_opset=versions(15)).SerializeToString())
two = MLPClassifier((5,), activation="tanh", max_iter=400, random_state=0).fit(flowers, kinds == 1)
keep("sklearn-two-17", to_onnx(two, some[:1], target_opset=versions(17), options={"zipmap": False})
     .SerializeToString(), some, "probabilities")
length = MLPRegressor(hidden_layer_sizes=(7,), activation="logistic", max_iter=400, random_state=0)
length.fit(flowers[:, 1:], flowers[:, 0])
keep("sklearn-length-19", to_onnx(length, some[:1, 1:], target_opset=versions(19)).SerializeToString(), some[:, 1:], "variable")
line = LinearRegression().fit(flowers[:, 1:], flowers[:, 0])
(HERE / "sklearn-linear-17.onnx").write_bytes(to_onnx(line, some[:1, 1:], target_opset=versions(17)).SerializeToString())

# The digits of scikit-learn, as brightness from 0 to 1, by a network of 64-64-10.
digits, numbers = load_digits(return_X_y=True)
digits = (digits / 16).astype(np.float32)
network = MLPClassifier((64,), max_iter=60, random_state=0).fit(digits, numbers)
keep("sklearn-digits-17", to_onnx(network, digits[:1], target_opset=versions(17), options={"zipmap": False})
     .SerializeToString(), digits[::300], "probabilities")
