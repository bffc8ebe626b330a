#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks exported ONNX files by other people's code: onnx's full check, and the actions of onnx.reference and ONNX Runtime
against those of Sinew.

    check_onnx.py FILE.onnx...     each beside FILE.observations and FILE.actions (single precision, little-endian, row by row;
                                   FILE.noise too where the graph takes noise)
                                   exits 0 where every file agrees, 1 where one does not, 2 for wrong usage
"""

import json
import sys

import numpy
import onnx
import onnx.reference
import onnxruntime

TOLERANCE = 1e-5  # of |scale| + |offset| of each action, or what rounding explains where that is more
onnxruntime.set_default_logger_severity(3)


def width(value):
    return value.type.tensor_type.shape.dim[1].dim_value


def in_double(model, observations):
    """The actions in double precision, and how far two sound evaluations in single precision may differ from each other, in the actions'
    units: three standard deviations of errors that are independent, one for each product and each partial sum."""
    tensors = {t.name: onnx.numpy_helper.to_array(t).astype(numpy.float64) for t in model.graph.initializer}
    unit, scale = 2.0**-24, tensors["action.scale"]
    if any(node.op_type == "ArgMax" for node in model.graph.node) or len(model.graph.input) > 1:
        return numpy.full((len(observations), len(scale)), numpy.nan), 0
    x = (observations - tensors["observation.mean"]) * tensors["observation.inverse_std"]
    x = numpy.clip(x, tensors["observation.low"], tensors["observation.high"])
    variance = 2 * (unit * x) ** 2
    layers = sum(name.startswith("actor.") for name in tensors) // 2
    for i in range(layers):
        weight, bias = tensors[f"actor.{2 * i}.weight"], tensors[f"actor.{2 * i}.bias"]
        products = x[:, None, :] * weight
        sums = bias[:, None] + numpy.cumsum(products, axis=2)
        variance = variance @ (weight**2).T + unit**2 * numpy.sum(products**2 + sums**2, axis=2)
        x = sums[:, :, -1]
        if i + 1 < layers:
            variance[x < -3 * variance**0.5] = 0
            x = numpy.maximum(x, 0)
    error = 3 * variance**0.5
    spread = numpy.abs(scale) * ((1 - numpy.tanh(numpy.maximum(0, numpy.abs(x) - error)) ** 2) * error + 8 * unit)
    actions = tensors["action.offset"] + scale * numpy.tanh(x)
    if "action.low" in tensors:
        actions = numpy.clip(actions, tensors["action.low"], tensors["action.high"])
    return actions, spread


def run_in_batches(run, feeds, size):
    """The actions of all rows, `size` rows a call."""
    count = len(feeds["observation"])
    parts = [run({name: rows[i : i + size] for name, rows in feeds.items()}) for i in range(0, count, size)]
    return numpy.concatenate(parts)


def check(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    contract = json.loads({entry.key: entry.value for entry in model.metadata_props}["contract"])
    size = numpy.array([abs(a["scale"]) + abs(a["offset"]) for a in contract["actions"]], numpy.float64)
    size[size == 0] = 1

    feeds = {}
    for value in model.graph.input:
        name = {"observation": "observations"}.get(value.name, value.name)
        numbers = numpy.fromfile(path[: -len("onnx")] + name, "<f4")
        feeds[value.name] = numbers.reshape(-1, width(value))
    actions = numpy.fromfile(path[: -len("onnx")] + "actions", "<f4").reshape(-1, len(size))

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    reference = onnx.reference.ReferenceEvaluator(model)
    is_static = model.graph.input[0].type.tensor_type.shape.dim[0].dim_value == 1
    runs = {
        "onnxruntime": lambda feeds: session.run(None, feeds)[0],
        "onnx.reference": lambda feeds: reference.run(None, feeds)[0],
    }
    if is_static:
        feeds = {name: rows[:200] for name, rows in feeds.items()}
        actions = actions[:200]
    for name, run in runs.items():
        result = run_in_batches(run, feeds, 1 if is_static else len(actions))
        differences = numpy.abs(result.astype(numpy.float64) - actions) / size
        print(f"{path}: {name}: {len(actions)} observations, largest difference {numpy.max(differences):.3g}")
        low, high = (numpy.array([a[end] for a in contract["actions"]], numpy.float32) for end in ("low", "high"))
        if not numpy.all((low <= result) & (result <= high)):
            raise ValueError(f"{name} gives an action outside of the contract's range")
        far = ~numpy.all(differences <= TOLERANCE, axis=1)
        if numpy.any(far):
            exact, spread = in_double(model, feeds["observation"][far].astype(numpy.float64))
            share = float(numpy.max(differences[far] / numpy.maximum(spread / size, TOLERANCE)))
            its, ours = (float(numpy.max(numpy.abs(a[far] - exact) / size)) for a in (result, actions))
            print(
                f"{path}: {name}: {numpy.sum(far)} beyond {TOLERANCE}, at most {share:.2g} of what rounding explains; "
                f"from double precision {name} is {its:.2g} off there, Sinew {ours:.2g}"
            )
            if not share <= 1:
                raise ValueError(f"{name} gives other actions")
        for bad in (numpy.nan, numpy.inf, -numpy.inf):
            feed = {key: rows[:1].copy() for key, rows in feeds.items()}
            feed["observation"][0, -1] = bad
            with numpy.errstate(all="ignore"):
                if not numpy.all(numpy.isnan(run(feed))):
                    raise ValueError(f"{name} gives a number for an observation with {bad}")


def main(paths):
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    failures = 0
    for path in paths:
        try:
            check(path)
        except Exception as error:  # whatever is wrong with a file, the next one is checked too
            print(f"{path}: {error}", file=sys.stderr)
            failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
