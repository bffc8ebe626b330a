#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks policy files by other people's code: opens them with safetensors, rebuilds the network with NumPy (and with
torch.nn.Linear where PyTorch is installed) and compares with the golden pairs.

    check_policy.py FILE...      exits 0 where every file agrees, 1 where one does not, 2 for wrong usage
"""

import json
import struct
import sys
import zlib

import numpy
from safetensors import safe_open

TOLERANCE = 1e-5  # of |scale| + |offset| of each action


def read(path):
    """The tensors and the contract of a policy file."""
    with safe_open(path, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        metadata = file.metadata() or {}
    if "contract" not in metadata:
        raise ValueError("the metadata has no contract")
    return tensors, json.loads(metadata["contract"])


def check_checksum(path, expected):
    """CRC-32 of the whole file, the checksum's own bytes taken as zero."""
    data = bytearray(open(path, "rb").read())
    length = struct.unpack("<Q", data[:8])[0]
    begin, end = json.loads(data[8 : 8 + length])["checksum"]["data_offsets"]
    data[8 + length + begin : 8 + length + end] = bytes(4)
    if zlib.crc32(data) != expected:
        raise ValueError("the checksum does not match")


def layers_of(tensors):
    """(weight, bias) of actor.0, actor.2, ... as in torch.nn.Sequential(Linear, ReLU, Linear, ...)."""
    layers = []
    while f"actor.{2 * len(layers)}.weight" in tensors:
        name = f"actor.{2 * len(layers)}"
        layers.append((tensors[name + ".weight"], tensors[name + ".bias"]))
    if not layers:
        raise ValueError("there is no actor.0.weight")
    return layers


def run_numpy(layers, x):
    x = x.astype(numpy.float64)
    for i, (weight, bias) in enumerate(layers):
        x = x @ weight.astype(numpy.float64).T + bias
        if i + 1 < len(layers):
            x = numpy.maximum(x, 0)
    return x


def run_torch(layers, x):
    import torch

    modules = []
    for weight, bias in layers:
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
        linear.load_state_dict({"weight": torch.from_numpy(weight), "bias": torch.from_numpy(bias)})
        modules += [linear, torch.nn.ReLU()]
    with torch.no_grad():
        return torch.nn.Sequential(*modules[:-1])(torch.from_numpy(x)).numpy().astype(numpy.float64)


def table_values(tensors, x):
    """The row of table.values for each x, counted in bins."""
    bins = tensors["table.bins"]
    digits = numpy.clip(numpy.floor(x), 0, bins - 1).astype(int)
    return tensors["table.values"][numpy.ravel_multi_index(digits.T, bins.astype(int))]


def largest_difference(tensors, run):
    """The largest difference from the golden actions, in units of |scale| + |offset|."""
    observations = tensors["golden.observations"]
    x = (observations - tensors["observation.mean"]) * tensors["observation.inverse_std"]
    clip = tensors["observation.clip"][0]
    x = numpy.clip(x, -clip, clip)
    head = table_values(tensors, x) if "table.bins" in tensors else run(layers_of(tensors), x)
    if "action.choices" in tensors:
        unit = tensors["action.choices"][numpy.argmax(head, axis=1)]
    else:
        unit = numpy.tanh(head)
    scale = tensors["action.scale"].astype(numpy.float64)
    offset = tensors["action.offset"].astype(numpy.float64)
    size = numpy.abs(scale) + numpy.abs(offset)
    size[size == 0] = 1
    actions = offset + scale * unit
    if "action.low" in tensors:
        actions = numpy.clip(actions, tensors["action.low"], tensors["action.high"])
    return float(numpy.max(numpy.abs(actions - tensors["golden.actions"]) / size))


def check_contract(tensors, contract):
    """The contract says what the tensors do."""
    golden = contract["golden"]
    same = (
        len(contract["observations"]) == tensors["observation.mean"].size
        and len(contract["actions"]) == tensors["action.scale"].size
        and [numpy.float32(o["mean"]) for o in contract["observations"]] == list(tensors["observation.mean"])
        and [numpy.float32(a["scale"]) for a in contract["actions"]] == list(tensors["action.scale"])
        and [numpy.float32(a["offset"]) for a in contract["actions"]] == list(tensors["action.offset"])
        and numpy.array_equal(
            numpy.array([pair["observation"] for pair in golden], numpy.float32), tensors["golden.observations"]
        )
        and numpy.array_equal(
            numpy.array([pair["action"] for pair in golden], numpy.float32), tensors["golden.actions"]
        )
    )
    for key in ("low", "high"):
        if "action." + key in tensors:
            same &= [numpy.float32(a[key]) for a in contract["actions"]] == list(tensors["action." + key])
    if not same:
        raise ValueError("the contract contradicts the tensors")


def check(path):
    tensors, contract = read(path)
    check_checksum(path, int(tensors["checksum"][0]))
    check_contract(tensors, contract)
    runs = {"numpy": run_numpy}
    try:
        import torch  # noqa: F401

        runs["torch"] = run_torch
    except ImportError:
        pass
    for name, run in runs.items():
        difference = largest_difference(tensors, run)
        print(f"{path}: {name}: largest difference {difference:.3g} of {TOLERANCE:g} allowed")
        if not difference <= TOLERANCE:
            raise ValueError(f"{name} gives other actions than the golden ones")


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
