"""Networks as ONNX files from the exporters that people use, with inputs and outputs as onnxruntime and PyTorch compute them.

    pip install torch onnx onnxscript onnxruntime scikit-learn skl2onnx safetensors
    python spec/reference/exporters.py            # writes spec/onnx/
    python spec/reference/exporters.py pool resnet # those alone whose names hold one of these words
    python spec/reference/exporters.py --check DIR # runs what `cargo test -p secant-model` wrote into DIR

Each NAME.onnx has a NAME.safetensors beside it: `input`, `single` (onnxruntime, in the precision of the file) and, for those
of PyTorch, `double` (the same weights in double precision). Where `gradient.TENSOR` stand there, they are the gradient by PyTorch, in double
precision, of the mean cross-entropy with `labels` as the classes. Those of Keras come from keras_networks.py. One network has these as NAME.csv and NAME.npz, too, for the command.
"""

import logging
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.numpy import load_file, save_file
from skl2onnx import to_onnx
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import LinearRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from torch import nn

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
HERE = Path(__file__).resolve().parent.parent / "onnx"
HERE.mkdir(exist_ok=True)
WORDS = [word for word in sys.argv[1:] if not word.startswith("-")]


def is_asked(name):
    """Whether a file is to be made anew."""
    if "--check" in sys.argv:
        return False
    return not WORDS or any(word in name for word in WORDS)


def keep(name, data, rows, output, double=None, more={}):
    """The file, and what onnxruntime makes of some rows."""
    if not is_asked(name):
        return
    (HERE / f"{name}.onnx").write_bytes(data)
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    kind = np.float64 if "double" in session.get_inputs()[0].type else np.float32
    single = session.run([output], {session.get_inputs()[0].name: rows.astype(kind)})[0]
    arrays = {"input": rows.astype(np.float64), "single": single.astype(np.float64)}
    if double is not None:
        arrays["double"] = double
    arrays |= more
    save_file({key: np.ascontiguousarray(value) for key, value in arrays.items()}, HERE / f"{name}.safetensors")


def gradients(module, rows):
    """The gradient of the mean cross-entropy, row n being of class n modulo the number of classes, by the names of the file."""
    outputs = module(rows)
    labels = torch.arange(len(rows)) % outputs.shape[1]
    nn.functional.cross_entropy(outputs, labels).backward()
    found = {f"gradient.{name}": tensor.grad.numpy() for name, tensor in module.named_parameters()}
    return found | {"labels": labels.numpy().astype(np.float64)}


def of_torch(name, module, shape, opset, dynamo, kind=torch.float32, graded=False, **given):
    """A module, exported; `dynamo` is the exporter of today, the other the one before. `graded` ones come with their gradient."""
    if not is_asked(name):
        return
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
    graded = gradients(module, rows.double()) if graded else {}
    keep(name, model.SerializeToString(), rows.numpy(), "output", double, graded)
    if name == "torch-nested-18":
        table = np.column_stack([rows.double().numpy(), graded["labels"]])
        lines = [",".join(map(repr, row[:-1].tolist())) + f",{row[-1]:.0f}" for row in table]
        names = ",".join(f"x{place}" for place in range(rows.shape[1]))
        (HERE / f"{name}.csv").write_text("\n".join([f"{names},class", *lines, ""]))
        tensors = {key.removeprefix("gradient."): value for key, value in graded.items() if key != "labels"}
        np.savez_compressed(HERE / f"{name}.npz", **tensors)


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


def lived(module, shape):
    """With the statistics and scales of a training that has been."""
    torch.manual_seed(12)
    for part in module.modules():
        if isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(part.weight, 0.5, 1.5)
            nn.init.normal_(part.bias)
    for _ in range(20):
        module.train()(1.5 * torch.randn(32, *shape) + 0.5)
    return module.eval()


def pools():
    """Windows whose sides, steps and padding differ from each other."""
    torch.manual_seed(13)
    return nn.Sequential(nn.Conv2d(1, 3, 3, padding=(1, 0), stride=(1, 2), bias=False), nn.Tanh(),
                         nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 0)), nn.AvgPool2d((2, 3), stride=1, padding=(1, 1)),
                         nn.Flatten(), nn.Linear(24, 3))


def pools_1d():
    torch.manual_seed(14)
    return nn.Sequential(nn.Conv1d(2, 3, 3), nn.MaxPool1d(3, stride=2, padding=1),
                         nn.AvgPool1d(2, stride=1, padding=1, count_include_pad=False), nn.Flatten(), nn.Linear(12, 3))


def global_pools(last):
    torch.manual_seed(15)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), last, nn.Flatten(), nn.Linear(4, 3))


class Mean(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(16)
        self.features, self.out = nn.Conv2d(1, 4, 3), nn.Linear(4, 3)

    def forward(self, x):
        return self.out(torch.relu(self.features(x)).mean((2, 3)))


class Block(nn.Module):
    """A block of a ResNet (He et al. 2016): two convolutions, past them the sample itself or a projection of it."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.ahead = nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
                                   nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.past = nn.Sequential() if stride == 1 else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return torch.relu(self.ahead(x) + self.past(x))


def resnet():
    torch.manual_seed(17)
    module = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
                           Block(4, 4, 1), Block(4, 6, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 3))
    return lived(module, [1, 8, 8])


class Preactivated(nn.Module):
    """Normalised before it is convolved, so that no exporter folds the first into the second."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(18)
        self.norm, self.a, self.b = nn.BatchNorm2d(2), nn.Conv2d(2, 2, 3, padding=1), nn.Conv2d(2, 2, 1)
        self.out = nn.Linear(32, 3)

    def forward(self, x):
        x = x + self.b(torch.relu(self.a(torch.relu(self.norm(x)))))
        return self.out(x.flatten(1))


class Gated(nn.Module):
    """Residuals within a residual, and one by another road than the sum is read last."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(19)
        self.a, self.b, self.c, self.d = (nn.Linear(4, 4) for _ in range(4))
        self.out = nn.Linear(4, 3)

    def forward(self, x):
        inner = torch.tanh(self.a(x))
        inner = inner + self.b(torch.sigmoid(inner))
        return self.out(self.c(inner) + self.d(x))


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

of_torch("torch-pools-17", pools(), [1, 6, 8], 17, False, graded=True)
of_torch("torch-pools-20", pools(), [1, 6, 8], 20, True, graded=True)
of_torch("torch-pools-1d-11", pools_1d(), [2, 8], 11, False, graded=True)
of_torch("torch-pool-average-18", global_pools(nn.AdaptiveAvgPool2d(1)), [1, 5, 5], 18, True, graded=True)
of_torch("torch-pool-largest-17", global_pools(nn.AdaptiveMaxPool2d(1)), [1, 5, 5], 17, False, graded=True)
of_torch("torch-pool-mean-13", Mean(), [1, 5, 5], 13, False, graded=True)
of_torch("torch-resnet-18", resnet(), [1, 8, 8], 18, True)
of_torch("torch-resnet-11", resnet(), [1, 8, 8], 11, False)
of_torch("torch-preactivated-17", lived(Preactivated(), [2, 4, 4]), [2, 4, 4], 17, False, graded=True)
of_torch("torch-preactivated-21", lived(Preactivated(), [2, 4, 4]), [2, 4, 4], 21, True, graded=True)
of_torch("torch-nested-18", Gated(), [4], 18, True, graded=True)

flowers, kinds = load_iris(return_X_y=True)
some = flowers[::25].astype(np.float32)
versions = lambda usual: {"": usual, "ai.onnx.ml": 3}
classifier = MLPClassifier((10,), max_iter=400, random_state=0).fit(flowers, kinds)
keep("sklearn-iris-21", to_onnx(classifier, some[:1], target_opset=versions(21), options={"zipmap": False})
     .SerializeToString(), some, "probabilities")
if is_asked("sklearn-zipmap-15"):
    (HERE / "sklearn-zipmap-15.onnx").write_bytes(to_onnx(classifier, some[:1], target_opset=versions(15)).SerializeToString())
two = MLPClassifier((5,), activation="tanh", max_iter=400, random_state=0).fit(flowers, kinds == 1)
keep("sklearn-two-17", to_onnx(two, some[:1], target_opset=versions(17), options={"zipmap": False})
     .SerializeToString(), some, "probabilities")
length = MLPRegressor(hidden_layer_sizes=(7,), activation="logistic", max_iter=400, random_state=0)
length.fit(flowers[:, 1:], flowers[:, 0])
keep("sklearn-length-19", to_onnx(length, some[:1, 1:], target_opset=versions(19)).SerializeToString(), some[:, 1:], "variable")
line = LinearRegression().fit(flowers[:, 1:], flowers[:, 0])
if is_asked("sklearn-linear-17"):
    (HERE / "sklearn-linear-17.onnx").write_bytes(to_onnx(line, some[:1, 1:], target_opset=versions(17)).SerializeToString())

# The digits of scikit-learn, as brightness from 0 to 1, by a network of 64-64-10.
digits, numbers = load_digits(return_X_y=True)
digits = (digits / 16).astype(np.float32)
network = MLPClassifier((64,), max_iter=60, random_state=0).fit(digits, numbers)
keep("sklearn-digits-17", to_onnx(network, digits[:1], target_opset=versions(17), options={"zipmap": False})
     .SerializeToString(), digits[::300], "probabilities")


def of_onnx(name, opset, shape, nodes):
    """A graph written down by hand: operators with the shapes of their constants, and settings that the exporters above never choose. A node
    reads the value before it, or those that it numbers: 0 is the input, 1 what the first node makes."""
    if not is_asked(name):
        return
    drawn = np.random.default_rng(21)
    made, constants, values = [], [], ["input"]
    for place, (operator, shapes, settings, *read) in enumerate(nodes):
        inputs = [values[number] for number in read or [-1]]
        for other, sides in enumerate(shapes):
            inputs.append(f"{operator}{place}.{other}")
            numbers = drawn.normal(size=sides).astype(np.float32)
            constants.append(onnx.numpy_helper.from_array(numbers, inputs[-1]))
        values.append(f"value{place}" if place + 1 < len(nodes) else "output")
        made.append(onnx.helper.make_node(operator, inputs, values[-1:], f"node{place}", **settings))
    told = lambda name, sides: onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["batch", *sides])
    graph = onnx.helper.make_graph(made, name, [told("input", shape)], [told("output", [3])], constants)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)], ir_version=8)
    onnx.checker.check_model(model)
    keep(name, model.SerializeToString(), drawn.normal(size=(6, *shape)).astype(np.float32), "output")


# What is left over of a padding that keeps the size goes to the end, or to the beginning.
of_onnx("onnx-same-15", 15, [2, 5, 6], [
    ("Conv", [(3, 2, 3, 2), (3,)], {"auto_pad": "SAME_UPPER", "strides": [2, 1]}),
    ("MaxPool", [], {"auto_pad": "SAME_LOWER", "kernel_shape": [2, 2], "strides": [1, 1]}),
    ("AveragePool", [], {"auto_pad": "SAME_UPPER", "kernel_shape": [2, 3], "strides": [2, 2]}),
    ("GlobalMaxPool", [], {}), ("Flatten", [], {}), ("Gemm", [(3, 3), (3,)], {})])
of_onnx("onnx-arithmetic-14", 14, [2, 5], [
    ("Conv", [(3, 2, 2)], {"auto_pad": "VALID"}), ("Add", [(1, 3, 1)], {}), ("Mul", [(3, 1)], {}), ("Add", [(1, 3, 1)], {}),
    ("GlobalAveragePool", [], {}), ("Flatten", [], {}), ("MatMul", [(3, 3)], {}), ("Add", [(3,)], {})])
# Not read: a window that reaches beyond the padding, statistics of each batch, groups.
of_onnx("onnx-ceil-17", 17, [3, 6], [
    ("MaxPool", [], {"kernel_shape": [3], "strides": [2], "ceil_mode": 1}), ("GlobalMaxPool", [], {}), ("Flatten", [], {}),
    ("Gemm", [(3, 3)], {})])
of_onnx("onnx-groups-17", 17, [3, 4], [
    ("Conv", [(3, 1, 2), (3,)], {"group": 3}), ("GlobalMaxPool", [], {}), ("Flatten", [], {}), ("Gemm", [(3, 3)], {})])
# Not read, nor taken for something else: a bias that only one of two readers of a product adds, a square added to itself with its sides in each other's place.
of_onnx("onnx-names-17", 17, [2], [
    ("MatMul", [(2, 3)], {}), ("Identity", [], {}), ("Identity", [], {}, 1), ("Add", [(3,)], {}, 2), ("Add", [], {}, 4, 3)])
of_onnx("onnx-square-17", 17, [2, 2], [
    ("Transpose", [], {"perm": [0, 2, 1]}), ("Add", [], {}, 0, 1), ("Flatten", [], {}), ("Gemm", [(4, 3)], {})])


def check(folder):
    """Whether onnxruntime computes from files that secant wrote what secant computed, which stands beside them."""
    for path in sorted(Path(folder).glob("*.onnx")):
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        arrays = load_file(path.with_suffix(".safetensors"))
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        found = session.run(None, {"input": arrays["input"]})[0].reshape(arrays["output"].shape)
        operators = {node.op_type for node in model.graph.node}
        casts = any(attribute.name == "to" and attribute.i == onnx.TensorProto.FLOAT for node in model.graph.node for attribute in node.attribute)
        # onnxruntime takes an epsilon of 0.001 as the 0.00100000005 that is stored.
        normalised = operators & {"BatchNormalization", "LayerNormalization"}
        apart = np.max(np.abs(found - arrays["output"]) / np.maximum(1, np.abs(arrays["output"])))
        print(f"{path.stem}: {'single' if casts else 'double'}, {apart:.1e} apart")
        assert apart < (1e-5 if casts else 1e-10 if normalised else 1e-13), path


if "--check" in sys.argv:
    check(sys.argv[-1])
