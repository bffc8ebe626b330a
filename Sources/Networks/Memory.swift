// SPDX-License-Identifier: MIT

internal import CLibrary
public import Environments

/// A block of floats, aligned to a cache line and zero at first.
@safe @usableFromInline
final class AlignedFloats {
    @usableFromInline let pointer: UnsafeMutablePointer<Float>
    let count: Int
    private let block: UnsafeMutableRawPointer

    init(count: Int) {
        precondition(count >= 0, "a block of \(count) floats")
        // calloc's large blocks are zero pages that take no memory until they are written: a replay buffer grows as it fills.
        let bytes = count * MemoryLayout<Float>.stride + Self.alignment
        guard let block = unsafe calloc(1, bytes) else {
            preconditionFailure("no memory for \(bytes) bytes")
        }
        unsafe self.block = block
        unsafe pointer = block.alignedUp(toMultipleOf: Self.alignment).assumingMemoryBound(to: Float.self)
        self.count = count
    }

    private static let alignment = 64

    deinit {
        unsafe free(block)
    }

    func checked(_ index: Int) -> Int {
        precondition(index >= 0 && index < count, "index \(index) of \(count) floats")
        return index
    }
}

/// All weights and biases of one network in one contiguous vector, in the order of its layers; also a gradient or a
/// moment of it.
///
/// Optimiser, Polyak average, checkpoint and gradient check are one loop over it (after llm.c).
public final class Parameters {
    let memory: AlignedFloats

    /// Makes a vector of `count` zeros.
    public init(count: Int) {
        memory = AlignedFloats(count: count)
    }

    /// Whether the system would give so many bytes now; where it would not, making vectors of that size ends the process.
    public static func fit(bytes: Int) -> Bool {
        let block = unsafe calloc(1, max(1, bytes))
        defer { unsafe free(block) }
        return unsafe block != nil
    }

    /// The number of parameters.
    public var count: Int { memory.count }

    /// One parameter.
    public subscript(index: Int) -> Float {
        get { unsafe memory.pointer[memory.checked(index)] }
        set { unsafe memory.pointer[memory.checked(index)] = newValue }
    }

    /// Calls `body` with all parameters for reading.
    public func withSpan<Result>(_ body: (Span<Float>) throws -> Result) rethrows -> Result {
        let buffer = unsafe UnsafeBufferPointer(start: memory.pointer, count: count)
        return try body(unsafe buffer.span)
    }

    /// Calls `body` with all parameters for writing.
    public func withMutableSpan<Result>(
        _ body: (inout MutableSpan<Float>) throws -> Result
    ) rethrows -> Result {
        let buffer = unsafe UnsafeMutableBufferPointer(start: memory.pointer, count: count)
        var span = unsafe buffer.mutableSpan
        return try body(&span)
    }

    /// Takes the values of `other`, which has the same count.
    public func copy(from other: Parameters) {
        precondition(other.count == count, "copying \(other.count) parameters over \(count)")
        unsafe memory.pointer.update(from: other.memory.pointer, count: count)
    }
}

/// A matrix of floats, row-major: a batch of vectors, one a row.
public final class Matrix {
    @usableFromInline let memory: AlignedFloats
    /// The number of rows: the batch.
    public let rows: Int
    /// The number of columns: the length of each vector.
    public let columns: Int

    /// Makes a matrix of zeros.
    public init(rows: Int, columns: Int) {
        memory = AlignedFloats(count: rows * columns)
        self.rows = rows
        self.columns = columns
    }

    /// The element in `row` and `column`.
    ///
    /// It is inlined, so that a loop over the rows of a batch costs what its arithmetic does.
    @inlinable
    public subscript(row: Int, column: Int) -> Float {
        get { unsafe memory.pointer[offset(row, column)] }
        set { unsafe memory.pointer[offset(row, column)] = newValue }
    }

    @inlinable
    func offset(_ row: Int, _ column: Int) -> Int {
        guard row >= 0 && row < rows && column >= 0 && column < columns else { refuse(row, column) }
        return row * columns + column
    }

    @usableFromInline
    func refuse(_ row: Int, _ column: Int) -> Never {
        preconditionFailure("element (\(row), \(column)) of a matrix (\(rows), \(columns))")
    }

    /// Calls `body` with all elements, row after row, for reading.
    public func withSpan<Result>(_ body: (Span<Float>) throws -> Result) rethrows -> Result {
        let buffer = unsafe UnsafeBufferPointer(start: memory.pointer, count: memory.count)
        return try body(unsafe buffer.span)
    }

    /// Calls `body` with all elements, row after row, for writing.
    public func withMutableSpan<Result>(
        _ body: (inout MutableSpan<Float>) throws -> Result
    ) rethrows -> Result {
        let buffer = unsafe UnsafeMutableBufferPointer(start: memory.pointer, count: memory.count)
        var span = unsafe buffer.mutableSpan
        return try body(&span)
    }

    /// Writes `vector` into the columns of `row` that begin at `column`.
    public func setRow(_ row: Int, column: Int = 0, to vector: Span<Float>) {
        precondition(
            row >= 0 && row < rows && column >= 0 && column + vector.count <= columns,
            "\(vector.count) elements at (\(row), \(column)) of a matrix (\(rows), \(columns))")
        let start = unsafe memory.pointer + (row * columns + column)
        unsafe vector.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe start.update(from: base, count: source.count)
        }
    }

    /// Writes the columns of `source` into the columns of this matrix that begin at `column`, row by row; with `rows`, in these
    /// rows alone.
    public func setColumns(from column: Int, to source: Matrix, rows part: Range<Int>? = nil) {
        let part = part ?? 0..<rows
        precondition(part.lowerBound >= 0 && part.upperBound <= rows, "rows \(part) of \(rows)")
        precondition(
            source.rows == rows && column >= 0 && column + source.columns <= columns,
            "a matrix (\(source.rows), \(source.columns)) at column \(column) of (\(rows), \(columns))")
        for row in part {
            unsafe Self.copy(
                source.memory.pointer + row * source.columns, to: memory.pointer + (row * columns + column),
                count: source.columns)
        }
    }

    /// Writes the columns of `left` and then those of `right`, row by row; with `rows`, in these rows alone.
    public func join(_ left: Matrix, _ right: Matrix, rows: Range<Int>? = nil) {
        setColumns(from: 0, to: left, rows: rows)
        setColumns(from: left.columns, to: right, rows: rows)
    }

    /// The same of three, of which the middle one may have no columns.
    public func join(_ left: Matrix, _ middle: Matrix, _ right: Matrix, rows: Range<Int>? = nil) {
        setColumns(from: 0, to: left, rows: rows)
        if middle.columns > 0 { setColumns(from: left.columns, to: middle, rows: rows) }
        setColumns(from: left.columns + middle.columns, to: right, rows: rows)
    }

    /// Takes from `table`, whose rows have `width` elements, the columns that begin at `column`: row i of this matrix
    /// comes from row `rows[i]` of the table.
    public func gather(_ rows: [Int], from table: Parameters, width: Int, column: Int) {
        precondition(
            rows.count == self.rows && column >= 0 && column + columns <= width,
            "columns \(column)..<\(column + columns) of \(width) in \(rows.count) rows of (\(self.rows), \(columns))"
        )
        for row in 0..<self.rows {
            let start = rows[row] * width
            precondition(start >= 0 && start + width <= table.count, "row \(rows[row]) of a table")
            unsafe Self.copy(
                table.memory.pointer + (start + column), to: memory.pointer + row * columns, count: columns)
        }
    }

    /// Copies a few floats; calling the library's function for them would take longer.
    private static func copy(
        _ source: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>, count: Int
    ) {
        guard count <= 8 else { return unsafe target.update(from: source, count: count) }
        var rest = count
        var (from, to) = unsafe (source, target)
        while rest >= 4 {
            let four = unsafe UnsafeRawPointer(from).loadUnaligned(as: SIMD4<Float>.self)
            unsafe UnsafeMutableRawPointer(to).storeBytes(of: four, as: SIMD4<Float>.self)
            unsafe (from, to, rest) = (from + 4, to + 4, rest - 4)
        }
        if rest >= 2 {
            unsafe (to[0], to[1]) = (from[0], from[1])
            unsafe (from, to, rest) = (from + 2, to + 2, rest - 2)
        }
        if rest == 1 { unsafe to[0] = from[0] }
    }

    /// Fills the matrix with numbers of the standard normal distribution.
    public func fillNormal(using random: inout RandomStream) {
        Kernels.fillNormal(memory, using: &random)
    }
}
