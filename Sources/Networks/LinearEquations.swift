// SPDX-License-Identifier: MIT

internal import CKernels

/// Why a system of linear equations has no solution here.
public enum LinearEquationsError: Error, Equatable, CustomStringConvertible {
    /// The matrix is singular, or so near to it that not one digit of a solution would be right.
    case singular
    /// There is no memory for the factors of `count` equations.
    case noMemory(count: Int)

    /// The error as a person reads it.
    public var description: String {
        switch self {
        case .singular: "the linear equations have no unique solution"
        case .noMemory(let count): "there is no memory to solve \(count) linear equations"
        }
    }
}

/// Dense linear equations in double precision.
public enum LinearEquations {
    /// The x with `matrix` · x = `right`, by LU factors with partial pivoting.
    ///
    /// - Parameters:
    ///   - matrix: the coefficients, (count, count), row after row.
    ///   - right: the right side, (count).
    /// - Returns: x, (count).
    /// - Throws: ``LinearEquationsError`` where there is no unique solution.
    /// - Precondition: `matrix` has the square of `right`'s count.
    public static func solve(
        _ matrix: consuming [Double], _ right: [Double]
    ) throws(LinearEquationsError) -> [Double] {
        precondition(
            matrix.count == right.count * right.count,
            "\(matrix.count) coefficients for \(right.count) equations")
        var solution = right
        switch Kernels.solve(&matrix, &solution) {
        case .KERN_SOLVE_OK: return solution
        case .KERN_SOLVE_SINGULAR: throw .singular
        case .KERN_SOLVE_NO_MEMORY: throw .noMemory(count: right.count)
        }
    }
}
