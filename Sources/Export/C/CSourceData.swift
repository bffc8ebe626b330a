// SPDX-License-Identifier: MIT

import Files
import Policies

/// The numbers of a policy as constant data in C.
struct CSourceData {
    /// The longest vector between two layers.
    let widest: Int
    /// The CRC-32 of all numbers, in the order of `arrays`.
    let checksum: UInt32

    private let policy: PolicyFile
    /// The prefix of the runtime's constants.
    private let upper: String
    /// The arrays, by name.
    private let arrays: [(name: String, values: [Float])]

    init(_ policy: PolicyFile, upper: String) {
        self.upper = upper
        self.policy = policy
        let network = policy.network
        widest = network.layers.map(\.outputCount).reduce(network.observationCount, max)
        var arrays: [(name: String, values: [Float])] = [
            ("mean", network.normaliser.mean), ("inverse_std", network.normaliser.inverseDeviation),
        ]
        for (i, layer) in network.layers.enumerated() {
            arrays += [("weight_\(i)", layer.weight), ("bias_\(i)", layer.bias)]
        }
        switch network.head {
        case .greedy(let choices): arrays.append(("choices", choices))
        case .table(let table, let choices):
            arrays += [
                ("bins", table.bins.map { Float($0) }), ("table_values", table.values), ("choices", choices),
            ]
        case .squashed(let deviation?):
            arrays += [("log_std_weight", deviation.weight), ("log_std_bias", deviation.bias)]
        case .squashed: break
        }
        let contract = policy.contract
        arrays += [
            ("action_scale", contract.actions.map { Float($0.scale) }),
            ("action_offset", contract.actions.map { Float($0.offset) }),
        ]
        if let limits = policy.limits {
            arrays += [("action_low", limits.low), ("action_high", limits.high)]
        }
        arrays += [
            ("golden_observations", contract.golden.flatMap(\.observation)),
            ("golden_actions", contract.golden.flatMap(\.action)),
        ]
        self.arrays = arrays
        let words = arrays.flatMap { $0.values.map(\.bitPattern) }
        checksum = CRC32.checksum(of: [UInt8](littleEndian: words))
    }

    /// The arrays, the table of them, and the policy that views them.
    var text: String {
        let numbers = arrays.map { name, values in
            "\(name.hasPrefix("weight_") ? "\(upper)_ALIGNED " : "")static const float \(name)[] = {\n"
                + "\(Self.lines(values.map(Self.literal), perLine: 8))};"
        }
        let parts = arrays.map { "    {\($0.name), sizeof \($0.name) / sizeof *\($0.name)},\n" }.joined()
        return numbers.joined(separator: "\n") + """


            /* Every number, for the self-test. */
            static const struct {
                const float *numbers;
                size_t count;
            } parts[] = {
            \(parts)};

            \(model)
            """
    }

    private var model: String {
        let network = policy.network
        let layers = network.layers.enumerated().map { i, layer in
            Self.view(layer, "weight_\(i)", "bias_\(i)")
        }
        let absent = "{NULL, NULL, 0, 0}"
        var (kind, count, deviation) = ("KIND_SQUASHED", 0, absent)
        var (choices, bins, values) = ("NULL", "NULL", "NULL")
        let limits =
            policy.limits == nil ? "NULL, NULL" : "\(Self.view("action_low")), \(Self.view("action_high"))"
        switch network.head {
        case .squashed(let layer):
            if let layer { deviation = Self.view(layer, "log_std_weight", "log_std_bias") }
        case .greedy(let numbers):
            (kind, count) = ("KIND_GREEDY", numbers.count / network.actionCount)
            choices = Self.view("choices")
        case .table(_, let numbers):
            (kind, count) = ("KIND_TABLE", numbers.count / network.actionCount)
            (choices, bins, values) = (Self.view("choices"), Self.view("bins"), Self.view("table_values"))
        }
        // In the order of the runtime's structure; a negative number chooses the best instructions at each call.
        return """
            static const policy model = {
                \(upper)_\(kind), \(network.observationCount), \(network.actionCount), \(network.layers.count), \(count), \
            \(policy.contract.golden.count), 0, -1, \(policy.contract.timing.controlPeriod),
                {\(layers.isEmpty ? absent : layers.joined(separator: ",\n     "))},
                \(deviation),
                \(Self.view("mean")), \(Self.view("inverse_std")),
                \(Self.view("action_scale")), \(Self.view("action_offset")), \(limits), \(choices),
                \(bins), \(values),
                \(Self.view("golden_observations")), \(Self.view("golden_actions")),
                \(Self.literal(network.normaliser.clip))};
            """
    }

    private static func view(_ name: String) -> String { "(const unsigned char *)\(name)" }

    private static func view(_ layer: DenseLayer, _ weight: String, _ bias: String) -> String {
        "{\(view(weight)), \(view(bias)), \(layer.inputCount), \(layer.outputCount)}"
    }

    /// The fewest digits that read back as the same number.
    static func literal(_ value: Float) -> String { "\(value)f" }

    /// `items` with commas, some on each line.
    static func lines(_ items: [String], perLine: Int) -> String {
        stride(from: 0, to: items.count, by: perLine).map { start in
            "    " + items[start..<min(start + perLine, items.count)].joined(separator: ", ") + ",\n"
        }.joined()
    }
}
