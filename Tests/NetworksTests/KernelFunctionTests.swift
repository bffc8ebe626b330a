// SPDX-License-Identifier: MIT

import CKernels
import Foundation
import Testing

/// A function over arrays, and its exact value in double precision.
private enum Function: String, CaseIterable {
    case tanh, exp, log, softplus

    func apply(_ x: KernelBuffer, _ y: KernelBuffer) {
        let (from, to) = unsafe (x.pointer, y.pointer)
        let count = Int64(x.count)
        switch self {
        case .tanh: unsafe kern_tanh(from, to, count)
        case .exp: unsafe kern_exp(from, to, count)
        case .log: unsafe kern_log(from, to, count)
        case .softplus: unsafe kern_softplus(from, to, count)
        }
    }

    func exact(_ x: Double) -> Double {
        switch self {
        case .tanh: Foundation.tanh(x)
        case .exp: Foundation.exp(x)
        case .log: Foundation.log(x)
        case .softplus: max(x, 0) + Foundation.log1p(Foundation.exp(-abs(x)))
        }
    }

    /// The distance of `y` from the exact value in units of the last place of that value.
    func error(_ y: Float, at x: Float) -> Double {
        let exact = exact(Double(x))
        let rounded = Float(exact)
        if rounded.isNaN { return y.isNaN ? 0 : .infinity }
        // Beyond the largest float the exact value may round to it or to infinity.
        if rounded.isInfinite {
            return y == rounded || y.magnitude == .greatestFiniteMagnitude ? 0 : .infinity
        }
        if y == rounded && y.sign == rounded.sign { return 0 }
        return y.isFinite ? abs(Double(y) - exact) / Double(rounded.ulp) : .infinity
    }
}

struct KernelFunctionTests {
    /// Floats of every exponent and both signs: every 4099th bit pattern (a prime), about a million.
    private static let sweep: [Float] = (0..<UInt32.max / 4099).map { Float(bitPattern: $0 * 4099) }
    /// Where the functions change branch, saturate, overflow, or become denormal.
    private static let edges: [Float] = {
        let centres: [Float] = [
            0, 0.625, 1, 2, 9.01, 9.02, 87.33, 88.72, 89, 103.28, 103.97, 104, 0.41421356, 0.8813736,
            0.70710677,
            1.4142135, .leastNormalMagnitude, .leastNonzeroMagnitude, 3e38, .infinity, .nan,
        ]
        let positive = centres.flatMap { centre in
            (-40...40).map { Float(bitPattern: UInt32(truncatingIfNeeded: Int(centre.bitPattern) + $0)) }
        }
        return positive + positive.map { -$0 }
    }()

    @Test(arguments: kern_isa.available, Function.allCases)
    fileprivate func `a function is within 4 units of the last place over all floats`(
        isa: kern_isa, function: Function
    ) {
        let inputs = Self.sweep + Self.edges
        let x = KernelBuffer(inputs)
        let y = KernelBuffer(unset: inputs.count)
        isa.run { function.apply(x, y) }
        let worst = zip(inputs, y.values).map { (function.error($1, at: $0), $0, $1) }.max { $0.0 < $1.0 }
        #expect(y.isIntact)
        #expect(
            (worst?.0 ?? .infinity) <= 4, "\(function) on \(isa.name): worst \(String(describing: worst))")
    }

    @Test(arguments: kern_isa.available, Function.allCases)
    fileprivate func `special values are those of the function's limits`(isa: kern_isa, function: Function) {
        let x = KernelBuffer([0, -0.0, .infinity, -.infinity, .nan, -.nan, -1])
        isa.run { function.apply(x, x) }
        let y = x.values
        #expect(y[4].isNaN && y[5].isNaN)
        switch function {
        case .tanh:
            #expect(y[0...3] == [0, 0, 1, -1])
            #expect(y[0].sign == .plus && y[1].sign == .minus)
        case .exp: #expect(y[0...3] == [1, 1, .infinity, 0])
        case .log:
            #expect(y[0...2] == [-.infinity, -.infinity, .infinity])
            #expect(y[3].isNaN && y[6].isNaN)
        case .softplus: #expect(y[2...3] == [.infinity, 0])
        }
    }

    @Test(arguments: kern_isa.vectorised, Function.allCases)
    fileprivate func `an element has the same bits at any place, in place, and in any length`(
        isa: kern_isa, function: Function
    ) {
        var numbers = KernelNumbers(state: 5)
        for count in 1...70 {
            let x = KernelBuffer(numbers.values(count, in: 0...3))
            let y = KernelBuffer(unset: count)
            isa.run {
                function.apply(x, y)
                for (i, value) in x.values.enumerated() {
                    let alone = KernelBuffer([value])
                    function.apply(alone, alone)
                    #expect(alone.bits[0] == y.bits[i])
                }
            }
            #expect(y.isIntact)
        }
    }
}
