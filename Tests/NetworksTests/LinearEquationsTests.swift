// SPDX-License-Identifier: MIT

import Environments
import Networks
import Testing

struct LinearEquationsTests {
    @Test(arguments: [1, 2, 7, 64, 200])
    func `a solution put into its equations gives the right side`(count: Int) throws {
        var random = RandomStream(seed: UInt64(count), name: "equations")
        let matrix = (0..<count * count).map { _ in random.uniform(-1, 1) }
        let expected = (0..<count).map { _ in random.uniform(-1, 1) }
        let right = (0..<count).map { row in
            (0..<count).reduce(0) { $0 + matrix[row * count + $1] * expected[$1] }
        }
        let solution = try LinearEquations.solve(matrix, right)
        for (found, expected) in zip(solution, expected) { #expect(abs(found - expected) < 1e-9) }
    }

    @Test func `a zero on the diagonal is no obstacle`() throws {
        // x₂ = 3 and 2 x₁ = 8: rows must be exchanged.
        #expect(try LinearEquations.solve([0, 1, 2, 0], [3, 8]) == [4, 3])
    }

    @Test func `equations without a unique solution are refused`() {
        #expect(throws: LinearEquationsError.singular) { try LinearEquations.solve([1, 2, 2, 4], [1, 2]) }
        #expect(throws: LinearEquationsError.singular) { try LinearEquations.solve([0], [1]) }
        #expect(throws: LinearEquationsError.singular) { try LinearEquations.solve([.nan], [1]) }
        let nearly = [1, 1, 1, 1 + 1e-16 * 4]
        #expect(throws: LinearEquationsError.singular) { try LinearEquations.solve(nearly, [1, 2]) }
        #expect((try? LinearEquations.solve([1, 1, 1, 1 + 1e-9], [1, 2])) != nil)
        #expect((try? LinearEquations.solve([], [])) == [])
    }
}
