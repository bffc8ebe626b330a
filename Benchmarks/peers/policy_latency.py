# SPDX-License-Identifier: MIT
"""Microseconds of one action of a policy network by ONNX Runtime, one thread: two hidden ReLU layers, tanh at the end.

    python policy_latency.py [--observations 11 --actions 3 --width 256]

The graph is built of Gemm, Relu and Tanh by hand, so that PyTorch is not needed.
"""
import argparse
import json
from time import perf_counter_ns

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--observations", type=int, default=11)
parser.add_argument("--actions", type=int, default=3)
parser.add_argument("--width", type=int, default=256)
parser.add_argument("--calls", type=int, default=5000, help="of a round")
parser.add_argument("--rounds", type=int, default=8)
options = parser.parse_args()

random = np.random.default_rng(0)
sizes = [options.observations, options.width, options.width, options.actions]
nodes, weights, value = [], [], "observation"
for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
    weight = random.standard_normal((outputs, inputs)) / np.sqrt(inputs)
    weights.append(numpy_helper.from_array(weight.astype(np.float32), f"w{layer}"))
    weights.append(numpy_helper.from_array(np.zeros(outputs, np.float32), f"b{layer}"))
    nodes.append(helper.make_node("Gemm", [value, f"w{layer}", f"b{layer}"], [f"z{layer}"], transB=1))
    value = "action" if layer == 2 else f"y{layer}"
    nodes.append(helper.make_node("Tanh" if layer == 2 else "Relu", [f"z{layer}"], [value]))
graph = helper.make_graph(
    nodes, "policy",
    [helper.make_tensor_value_info("observation", TensorProto.FLOAT, [1, options.observations])],
    [helper.make_tensor_value_info("action", TensorProto.FLOAT, [1, options.actions])], weights)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
onnx.checker.check_model(model)

settings = onnxruntime.SessionOptions()
settings.intra_op_num_threads = settings.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(model.SerializeToString(), settings, providers=["CPUExecutionProvider"])
feed = {"observation": random.standard_normal((1, options.observations)).astype(np.float32)}
rounds = []
for _ in range(options.rounds):
    times = np.empty(options.calls)
    for call in range(options.calls):
        start = perf_counter_ns()
        session.run(None, feed)
        times[call] = perf_counter_ns() - start
    rounds.append((np.median(times) / 1e3, np.percentile(times, 99.9) / 1e3))
print(json.dumps({"observations": options.observations, "actions": options.actions, "width": options.width,
                  "median_us": min(r[0] for r in rounds), "p999_us": min(r[1] for r in rounds)}))
