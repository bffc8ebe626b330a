// SPDX-License-Identifier: MIT

import Files
import Policies

/// The graph of a policy: nodes that run one after another, and their constant tensors.
struct ONNXGraph {
    /// The encoded GraphProto.
    private(set) var bytes: [UInt8]
    private var nodes = ProtobufWriter()
    private var tensors = ProtobufWriter()

    /// A constant attribute of a node.
    private struct Attribute {
        var name: String
        var value: Int
    }

    init(_ policy: PolicyFile, _ options: ONNXOptions) {
        bytes = []
        let network = policy.network
        let (inputs, outputs) = (network.observationCount, network.actionCount)
        addNormaliser(network.normaliser)
        var x = "normalised"
        for (i, layer) in network.layers.dropLast().enumerated() {
            addDense("actor.\(2 * i)", layer, from: x, to: "sum.\(i)")
            addNode("Relu", ["sum.\(i)"], "hidden.\(i)")
            x = "hidden.\(i)"
        }
        if let last = network.layers.last {
            addDense("actor.\(2 * network.layers.count - 2)", last, from: x, to: "head")
        }
        addHead(network, from: x, isStochastic: options.isStochastic)
        addCommand(policy.contract, options, observationCount: inputs)

        var graph = ProtobufWriter()
        graph.append(nodes)
        graph.add(2, "policy")
        graph.append(tensors)
        graph.add(11, Self.value(ONNXModel.observation, width: inputs, options))
        if options.isStochastic { graph.add(11, Self.value(ONNXModel.noise, width: outputs, options)) }
        graph.add(12, Self.value(ONNXModel.action, width: outputs, options))
        bytes = graph.bytes
    }

    // MARK: What a policy does

    /// x = clip((o - mean) · inverse_std, ±clip).
    private mutating func addNormaliser(_ normaliser: Normaliser) {
        addTensor("observation.mean", [normaliser.mean.count], normaliser.mean)
        addTensor("observation.inverse_std", [normaliser.mean.count], normaliser.inverseDeviation)
        addTensor("observation.low", [], [-normaliser.clip])
        addTensor("observation.high", [], [normaliser.clip])
        addNode("Sub", [ONNXModel.observation, "observation.mean"], "centred")
        addNode("Mul", ["centred", "observation.inverse_std"], "scaled")
        addNode("Clip", ["scaled", "observation.low", "observation.high"], "normalised")
    }

    /// The action u within [-1, 1] of the last layer's numbers.
    private mutating func addHead(_ network: PolicyNetwork, from x: String, isStochastic: Bool) {
        switch network.head {
        case .greedy(let choices):
            addTensor(
                "action.choices", [choices.count / network.actionCount, network.actionCount], choices)
            addNode(
                "ArgMax", ["head"], "best",
                [Attribute(name: "axis", value: 1), Attribute(name: "keepdims", value: 0)])
            addNode("Gather", ["action.choices", "best"], "unit", [Attribute(name: "axis", value: 0)])
        case .squashed(let deviation?) where isStochastic:
            addDense("log_std", deviation, from: x, to: "deviation.sum")
            // The limits of training.
            addTensor("log_std.low", [], [-20])
            addTensor("log_std.high", [], [2])
            addNode("Clip", ["deviation.sum", "log_std.low", "log_std.high"], "deviation.log")
            addNode("Exp", ["deviation.log"], "deviation")
            addNode("Mul", ["deviation", ONNXModel.noise], "draw")
            addNode("Add", ["head", "draw"], "drawn")
            addNode("Tanh", ["drawn"], "unit")
        case .squashed:
            addNode("Tanh", ["head"], "unit")
        case .table:
            preconditionFailure("ONNXModel refuses tables")
        }
    }

    /// action = offset + scale · u within the limits, and NaN where the observation is not finite.
    ///
    /// Clip and Relu may replace NaN by a number, so NaN goes around them: o - o is 0, or NaN for NaN and infinity, and so is
    /// its product with zeros.
    private mutating func addCommand(
        _ contract: Contract, _ options: ONNXOptions, observationCount: Int
    ) {
        let count = contract.actions.count
        addTensor("action.scale", [count], contract.actions.map { Float($0.scale) })
        addTensor("action.offset", [count], contract.actions.map { Float($0.offset) })
        addTensor("guard.zeros", [observationCount, 1], [Float](repeating: 0, count: observationCount))
        addNode("Sub", [ONNXModel.observation, ONNXModel.observation], "guard.difference")
        addNode("MatMul", ["guard.difference", "guard.zeros"], "guard")
        addNode("Mul", ["unit", "action.scale"], "command.part")
        addNode("Add", ["command.part", "action.offset"], "command")
        var command = "command"
        if options.isLimited {
            // Clip has one limit for all.
            addTensor("action.low", [count], contract.limits.low)
            addTensor("action.high", [count], contract.limits.high)
            addNode("Max", ["command", "action.low"], "command.raised")
            addNode("Min", ["command.raised", "action.high"], "command.limited")
            command = "command.limited"
        }
        addNode("Add", [command, "guard"], ONNXModel.action)
    }

    private mutating func addDense(_ name: String, _ layer: DenseLayer, from x: String, to y: String) {
        addTensor("\(name).weight", [layer.outputCount, layer.inputCount], layer.weight)
        addTensor("\(name).bias", [layer.outputCount], layer.bias)
        addNode("Gemm", [x, "\(name).weight", "\(name).bias"], y, [Attribute(name: "transB", value: 1)])
    }

    // MARK: Nodes and tensors (field numbers: onnx.proto)

    private mutating func addNode(
        _ operation: String, _ inputs: [String], _ output: String, _ attributes: [Attribute] = []
    ) {
        nodes.add(1) { node in
            for input in inputs { node.add(1, input) }
            node.add(2, output)
            node.add(3, output)
            node.add(4, operation)
            for attribute in attributes {
                node.add(5) {
                    $0.add(1, attribute.name)
                    $0.add(3, attribute.value)
                    $0.add(20, 2)  // an integer
                }
            }
        }
    }

    private mutating func addTensor(_ name: String, _ shape: [Int], _ values: [Float]) {
        tensors.add(5) {
            for extent in shape { $0.add(1, extent) }
            $0.add(2, 1)  // single precision
            $0.add(8, name)
            $0.add(9, [UInt8](littleEndian: values.map(\.bitPattern)))
        }
    }

    private static func value(_ name: String, width: Int, _ options: ONNXOptions) -> [UInt8] {
        var value = ProtobufWriter()
        value.add(1, name)
        value.add(2) {
            $0.add(1) {
                $0.add(1, 1)  // single precision
                $0.add(2) {
                    $0.add(1) { options.hasStaticBatch ? $0.add(1, 1) : $0.add(2, "batch") }
                    $0.add(1) { $0.add(1, width) }
                }
            }
        }
        return value.bytes
    }
}
