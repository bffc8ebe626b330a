// SPDX-License-Identifier: MIT

/// What an ONNX file can be made for.
public struct ONNXOptions: Sendable, Equatable {
    /// The operator sets that a file can be made for.
    public static let operatorSets = 11...17
    static let choice = "\(operatorSets.lowerBound) to \(operatorSets.upperBound)"

    /// The one that is taken where none is asked for: it runs in everything since ONNX 1.8 and ONNX Runtime 1.6.
    public static let commonOperatorSet = 13

    /// The version of the operators.
    public let operatorSet: Int
    /// Whether the batch is fixed to one observation, as tools for microcontrollers want.
    public let hasStaticBatch: Bool
    /// Whether the graph takes `noise` beside the observation and draws its action: tanh(m + exp(s) · noise).
    public let isStochastic: Bool
    /// Whether the graph keeps to the contract's ranges, as all do but those of version 0.1.0.
    ///
    /// Also where the policy cannot leave them: another engine's tanh may exceed 1 by its last bits, as ONNX Runtime's does.
    var isLimited = true

    /// Makes options.
    ///
    /// - Throws: `ExportError.option` where the operator set is none of ``operatorSets``.
    public init(
        operatorSet: Int = commonOperatorSet, hasStaticBatch: Bool = false, isStochastic: Bool = false
    ) throws(ExportError) {
        guard Self.operatorSets.contains(operatorSet) else { throw Self.refusal(of: "\(operatorSet)") }
        self.operatorSet = operatorSet
        self.hasStaticBatch = hasStaticBatch
        self.isStochastic = isStochastic
    }

    /// Reads the options of the form.
    init(_ options: [ExportOption: String]) throws(ExportError) {
        let text = options[.opset] ?? "\(Self.commonOperatorSet)"
        guard let operatorSet = Int(text) else { throw Self.refusal(of: text) }
        try self.init(
            operatorSet: operatorSet, hasStaticBatch: options[.staticBatch] != nil,
            isStochastic: options[.stochastic] != nil)
    }

    private static func refusal(of operatorSet: String) -> ExportError {
        .option("ONNX's operator set '\(operatorSet)' is not supported; choose \(choice)")
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
