// SPDX-License-Identifier: MIT

/// What an ONNX file can be made for.
public struct ONNXOptions: Sendable, Equatable {
    /// The operator sets that a file can be made for.
    public static let operatorSets = 11...17

    /// The version of the operators; 13 runs in everything since ONNX 1.8 and ONNX Runtime 1.6.
    public let operatorSet: Int
    /// Whether the batch is fixed to one observation, as tools for microcontrollers want.
    public let hasStaticBatch: Bool
    /// Whether the graph takes `noise` beside the observation and draws its action: tanh(m + exp(s) · noise).
    public let isStochastic: Bool

    /// Makes options.
    ///
    /// - Throws: `ExportError.option` where the operator set is none of ``operatorSets``.
    public init(
        operatorSet: Int = 13, hasStaticBatch: Bool = false, isStochastic: Bool = false
    ) throws(ExportError) {
        guard Self.operatorSets.contains(operatorSet) else {
            throw .option(
                "ONNX's operator set \(operatorSet) is not supported; choose \(Self.operatorSets.lowerBound) to "
                    + "\(Self.operatorSets.upperBound)")
        }
        self.operatorSet = operatorSet
        self.hasStaticBatch = hasStaticBatch
        self.isStochastic = isStochastic
    }

    /// The version of the file format that belongs to the operators, by ONNX's table of versions.
    var formatVersion: Int {
        switch operatorSet {
        case ...11: 6
        case ...14: 7
        default: 8
        }
    }
}
