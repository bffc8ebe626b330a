// SPDX-License-Identifier: MIT

import Files
import Safetensors

/// The tensors of a policy file: all that a runtime needs.
///
/// Their names and meaning are in CPolicyRuntime.h.
struct PolicyTensors {
    var network: PolicyNetwork
    /// The command per unit of the policy's number, and the command at 0.
    var scale: [Float]
    var offset: [Float]
    /// What cuts commands off; nil where nothing does.
    var limits: ActionLimits?
    /// Seconds between two actions.
    var controlPeriod: Double?
    var goldenObservations: [[Float]]
    /// Commands, in the units of the actuators.
    var goldenActions: [[Float]]

    init(
        network: PolicyNetwork, scale: [Float], offset: [Float], limits: ActionLimits?,
        controlPeriod: Double?, goldenObservations: [[Float]], goldenActions: [[Float]]
    ) {
        self.network = network
        self.scale = scale
        self.offset = offset
        self.limits = limits
        self.controlPeriod = controlPeriod
        self.goldenObservations = goldenObservations
        self.goldenActions = goldenActions
    }

    // MARK: Writing

    /// The bytes of a file of these tensors with `metadata`, checksum included.
    func encoded(metadata: [String: String], name: String) throws(PoliciesError) -> [UInt8] {
        do {
            var bytes = try archive(metadata: metadata, name: name).encoded(checksum: false)
            // The checksum is the only tensor of its type, so it lies last; it counts as zero in itself.
            let checksum = CRC32.checksum(of: bytes)
            bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [UInt8](littleEndian: [checksum]))
            return bytes
        } catch {
            throw .tensors(error)
        }
    }

    private func archive(metadata: [String: String], name: String) throws(SafetensorsError) -> TensorArchive {
        var archive = TensorArchive(metadata: metadata, file: name)
        let normaliser = network.normaliser
        try archive.add("observation.mean", shape: [network.observationCount], normaliser.mean)
        try archive.add(
            "observation.inverse_std", shape: [network.observationCount], normaliser.inverseDeviation)
        try archive.add("observation.clip", normaliser.clip)
        for (i, layer) in network.layers.enumerated() {
            try Self.add(layer, "actor.\(2 * i)", to: &archive)
        }
        switch network.head {
        case .squashed(let logDeviation):
            if let logDeviation { try Self.add(logDeviation, "log_std", to: &archive) }
        case .greedy(let choices):
            try addChoices(choices, to: &archive)
        case .table(let table, let choices):
            let states = table.bins.reduce(1, *)
            try archive.add("table.bins", shape: [table.bins.count], table.bins.map { Float($0) })
            try archive.add("table.values", shape: [states, table.values.count / states], table.values)
            try addChoices(choices, to: &archive)
        }
        try archive.add("action.scale", shape: [network.actionCount], scale)
        try archive.add("action.offset", shape: [network.actionCount], offset)
        if let limits {
            try archive.add("action.low", shape: [network.actionCount], limits.low)
            try archive.add("action.high", shape: [network.actionCount], limits.high)
        }
        if let controlPeriod { try archive.add("control.period", controlPeriod) }
        let pairs = goldenObservations.count
        try archive.add(
            "golden.observations", shape: [pairs, network.observationCount], goldenObservations.flatMap { $0 }
        )
        try archive.add("golden.actions", shape: [pairs, network.actionCount], goldenActions.flatMap { $0 })
        try archive.add("checksum", UInt32(0))
        return archive
    }

    private func addChoices(_ choices: [Float], to archive: inout TensorArchive) throws(SafetensorsError) {
        try archive.add(
            "action.choices", shape: [choices.count / network.actionCount, network.actionCount], choices)
    }

    private static func add(
        _ layer: DenseLayer, _ name: String, to archive: inout TensorArchive
    ) throws(SafetensorsError) {
        try archive.add("\(name).weight", shape: [layer.outputCount, layer.inputCount], layer.weight)
        try archive.add("\(name).bias", shape: [layer.outputCount], layer.bias)
    }

    // MARK: Reading

    /// Reads the tensors of a file that the engine has accepted.
    init(_ archive: TensorArchive) throws(PoliciesError) {
        do {
            let scale: [Float] = try archive.values("action.scale")
            let names = Set(archive.tensors.map(\.name))
            var layers: [DenseLayer] = []
            while names.contains("actor.\(2 * layers.count).weight") {
                layers.append(try Self.layer("actor.\(2 * layers.count)", in: archive))
            }
            let head: PolicyNetwork.Head =
                if names.contains("table.bins") {
                    .table(
                        ValueTable(
                            bins: try archive.values("table.bins", as: Float.self).map { Int($0) },
                            values: try archive.values("table.values")),
                        choices: try archive.values("action.choices"))
                } else if names.contains("action.choices") {
                    .greedy(choices: try archive.values("action.choices"))
                } else if names.contains("log_std.weight") {
                    .squashed(logDeviation: try Self.layer("log_std", in: archive))
                } else {
                    .squashed(logDeviation: nil)
                }
            let normaliser = Normaliser(
                mean: try archive.values("observation.mean"),
                inverseDeviation: try archive.values("observation.inverse_std"),
                clip: try archive.value("observation.clip"))
            self.init(
                network: try Self.network(layers, head, normaliser, scale.count, archive.file), scale: scale,
                offset: try archive.values("action.offset"),
                limits: names.contains("action.low")
                    ? ActionLimits(
                        low: try archive.values("action.low"), high: try archive.values("action.high")) : nil,
                controlPeriod: names.contains("control.period") ? try archive.value("control.period") : nil,
                goldenObservations: try Self.rows(of: "golden.observations", in: archive),
                goldenActions: try Self.rows(of: "golden.actions", in: archive))
        } catch let error as SafetensorsError {
            throw .tensors(error)
        } catch let error as PoliciesError {
            throw error
        } catch {
            throw .refused(file: archive.file, problem: "\(error)")
        }
    }

    private static func network(
        _ layers: [DenseLayer], _ head: PolicyNetwork.Head, _ normaliser: Normaliser, _ actionCount: Int,
        _ file: String
    ) throws(PoliciesError) -> PolicyNetwork {
        do {
            return try PolicyNetwork(
                layers: layers, head: head, normaliser: normaliser, actionCount: actionCount)
        } catch {
            throw .refused(file: file, problem: error.description)
        }
    }

    private static func layer(_ name: String, in archive: TensorArchive) throws(SafetensorsError)
        -> DenseLayer
    {
        DenseLayer(weight: try archive.values("\(name).weight"), bias: try archive.values("\(name).bias"))
    }

    private static func rows(of name: String, in archive: TensorArchive) throws(SafetensorsError) -> [[Float]]
    {
        let values: [Float] = try archive.values(name)
        let width = max(archive.description(of: name)?.shape.last ?? 1, 1)
        return stride(from: 0, to: values.count, by: width).map {
            Array(values[$0..<min($0 + width, values.count)])
        }
    }
}
