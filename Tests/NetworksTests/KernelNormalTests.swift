// SPDX-License-Identifier: MIT

import CKernels
import Environments
import Foundation
import Networks
import Testing

struct KernelNormalTests {
    /// Bits that end where an unreadable page begins.
    private static func buffer(of bits: [UInt32]) -> KernelBuffer {
        KernelBuffer(bits.map { Float(bitPattern: $0) })
    }

    private static func draw(_ bits: KernelBuffer, into y: KernelBuffer) {
        unsafe UnsafeRawPointer(bits.pointer).withMemoryRebound(to: UInt32.self, capacity: bits.count) {
            unsafe kern_normal($0, y.pointer, Int64(y.count))
        }
    }

    /// Box and Muller's formula in double precision.
    private static func exact(_ bits: [UInt32], _ index: Int) -> Double {
        let pairs = bits.count / 2
        let pair = index % pairs
        let uniform = (Double(bits[pair] >> 8) + 1) / 16_777_216
        let angle = 2 * Double.pi * Double(bits[pairs + pair] >> 8) / 16_777_216
        return (-2 * log(uniform)).squareRoot() * (index < pairs ? cos(angle) : sin(angle))
    }

    @Test(arguments: kern_isa.available)
    func `a draw is Box and Muller's of its bits, in any count`(isa: kern_isa) {
        var numbers = KernelNumbers(state: 8)
        for count in Array(1...70) + [255, 256, 10_000] {
            let pairs = (count + 1) / 2
            var bits = (0..<2 * pairs).map { _ in UInt32(truncatingIfNeeded: numbers.next()) }
            // The longest and the shortest radius, and angles on both sides of each eighth of a turn.
            for (pair, radius) in [UInt32(0), .max, 255, 256].enumerated() where pair < pairs {
                bits[pair] = radius
            }
            for eighth in 0..<8 where eighth + 1 < pairs {
                bits[pairs + eighth] = UInt32(eighth) << 29 &- UInt32(eighth % 2)
            }
            let (x, y) = (Self.buffer(of: bits), KernelBuffer(unset: count))
            isa.run { Self.draw(x, into: y) }
            #expect(x.isIntact && y.isIntact)
            for (index, value) in y.values.enumerated() {
                let exact = Self.exact(bits, index)
                #expect(
                    abs(Double(value) - exact) <= 2e-6,
                    "\(isa.name), \(index) of \(count): \(value), \(exact)")
            }
        }
    }

    @Test func `a matrix is filled with independent draws of the standard normal distribution`() {
        let matrix = Matrix(rows: 500, columns: 401)
        var random = RandomStream(seed: 3, name: "normal")
        matrix.fillNormal(using: &random)
        let values = matrix.withSpan { span in span.indices.map { Double(span[$0]) } }
        let count = Double(values.count)
        func mean(_ power: Int) -> Double { values.reduce(0) { $0 + pow($1, Double(power)) } / count }
        // Four standard errors of each moment.
        #expect(abs(mean(1)) < 4 / count.squareRoot())
        #expect(abs(mean(2) - 1) < 4 * (2 / count).squareRoot())
        #expect(abs(mean(3)) < 4 * (15 / count).squareRoot())
        #expect(abs(mean(4) - 3) < 4 * (96 / count).squareRoot())
        // Neighbours, and the two numbers of a pair, are uncorrelated.
        for lag in [1, 2, 128] {
            let product = zip(values, values.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(product / count) < 4 / count.squareRoot(), "lag \(lag)")
        }
        // Kolmogorov and Smirnov's distance, at one in a thousand.
        let sorted = values.sorted()
        let distance = sorted.enumerated().map { index, value in
            abs(0.5 * erfc(-value / 2.0.squareRoot()) - (Double(index) + 0.5) / count)
        }.max()
        #expect(distance ?? 1 < 1.95 / count.squareRoot())
    }

    @Test func `the same stream fills a matrix of any shape with the same bits`() {
        for count in [1, 3, 255, 256, 257, 515] {
            var (first, second) = (RandomStream(seed: 5, .update), RandomStream(seed: 5, .update))
            let (row, column) = (Matrix(rows: 1, columns: count), Matrix(rows: count, columns: 1))
            row.fillNormal(using: &first)
            column.fillNormal(using: &second)
            for i in 0..<count { #expect(row[0, i] == column[i, 0] && row[0, i] != 0) }
            #expect(first == second)
        }
    }
}
