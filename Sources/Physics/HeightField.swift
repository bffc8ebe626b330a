// SPDX-License-Identifier: MIT

internal import CPhysics
public import Geometry

/// Heights on a grid: a surface that stands still, and that worlds share.
///
/// The node of row i and column j is over x = j cells, y = i cells of the field's own frame. Each cell is two triangles, along the
/// diagonal from its low row and column to its high ones; outside of the grid the heights of its border go on. Memory is safe: the class alone
/// owns the heights, never changes them, and worlds hold it as long as they live.
@safe
public final class HeightField: Sendable, Equatable {
    /// How many nodes there are along y.
    public let rows: Int
    /// How many nodes there are along x.
    public let columns: Int
    /// The edge of a cell, m.
    public let cell: Double

    // Never changes after init.
    private nonisolated(unsafe) let nodes: UnsafeBufferPointer<Float>

    /// Copies heights.
    ///
    /// - Parameters:
    ///   - heights: row by row, in m; `World` checks that there are enough of them.
    ///   - columns: how many there are in a row, at least 1.
    ///   - cell: the edge of a cell, in m.
    public init(heights: [Float], columns: Int, cell: Double) {
        self.columns = max(1, columns)
        rows = heights.count / max(1, columns)
        self.cell = cell
        let copied = UnsafeMutableBufferPointer<Float>.allocate(capacity: heights.count)
        _ = unsafe copied.initialize(from: heights)
        unsafe nodes = UnsafeBufferPointer(copied)
    }

    deinit {
        unsafe nodes.deallocate()
    }

    /// All heights, row by row, m.
    public var heights: [Float] { unsafe Array(nodes) }

    /// The height of a node, m.
    ///
    /// - Precondition: there is such a node.
    public func height(row: Int, column: Int) -> Double {
        precondition(row >= 0 && row < rows && column >= 0 && column < columns, "node \(row), \(column)")
        return unsafe Double(nodes[row * columns + column])
    }

    /// The height over a point of the field's own frame, m, and the normal of the triangle there; NaN for points that are not finite, and in a
    /// field that no world would take.
    public func surface(x: Double, y: Double) -> (height: Double, normal: Vector3) {
        var definition = unsafe definition
        var normal = (0.0, 0.0, 1.0)
        let height = unsafe withUnsafeMutableBytes(of: &normal) { normal in
            unsafe phys_field_height(
                &definition, x, y, normal.baseAddress?.assumingMemoryBound(to: Double.self))
        }
        return (height, Vector3(normal.0, normal.1, normal.2))
    }

    /// Its part of a geom; the heights live as long as this does.
    var definition: phys_geom_def {
        var definition = unsafe phys_geom_default_def()
        unsafe definition.shape = .field
        unsafe definition.size = (cell, 0, 0)
        unsafe definition.heights = nodes.baseAddress
        unsafe definition.rows = rows
        unsafe definition.columns = columns
        return unsafe definition
    }

    /// Whether both have the same heights.
    public static func == (one: HeightField, other: HeightField) -> Bool {
        if one === other { return true }
        guard one.columns == other.columns, one.cell == other.cell else { return false }
        return unsafe one.nodes.elementsEqual(other.nodes)
    }
}
