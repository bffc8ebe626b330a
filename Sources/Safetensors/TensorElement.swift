// SPDX-License-Identifier: MIT

#if _endian(big)
    #error("safetensors files are little-endian; this code copies numbers as they lie in memory")
#endif

/// The type of a tensor's numbers.
public enum ElementType: String, Sendable, CaseIterable {
    // The order is that of the reference writer: wider numbers lie first, so that each tensor is aligned.
    /// Unsigned 64-bit integers.
    case u64 = "U64"
    /// Signed 64-bit integers.
    case i64 = "I64"
    /// IEEE 754 double precision.
    case f64 = "F64"
    /// IEEE 754 single precision.
    case f32 = "F32"
    /// Unsigned 32-bit integers.
    case u32 = "U32"
    /// Bytes.
    case u8 = "U8"

    /// The bytes of one number.
    public var byteCount: Int {
        switch self {
        case .u64, .i64, .f64: 8
        case .f32, .u32: 4
        case .u8: 1
        }
    }

    /// The place in a file: lower ranks lie first.
    var rank: Int {
        switch self {
        case .u64: 0
        case .i64: 1
        case .f64: 2
        case .f32: 3
        case .u32: 4
        case .u8: 5
        }
    }
}

/// A Swift number that a tensor can hold.
public protocol TensorElement: BitwiseCopyable, Sendable {
    /// The type's name in a file.
    static var elementType: ElementType { get }
    /// The number whose bytes are all zero.
    static var zero: Self { get }
}

extension Float: TensorElement {
    /// `F32`.
    public static var elementType: ElementType { .f32 }
}

extension Double: TensorElement {
    /// `F64`.
    public static var elementType: ElementType { .f64 }
}

extension Int64: TensorElement {
    /// `I64`.
    public static var elementType: ElementType { .i64 }
}

extension UInt64: TensorElement {
    /// `U64`.
    public static var elementType: ElementType { .u64 }
}

extension UInt32: TensorElement {
    /// `U32`.
    public static var elementType: ElementType { .u32 }
}

extension UInt8: TensorElement {
    /// `U8`.
    public static var elementType: ElementType { .u8 }
}

/// A tensor without its numbers: name, type and shape.
public struct TensorDescription: Sendable, Equatable {
    /// The name, unique in its file; not empty and not `__metadata__`.
    public var name: String
    /// The type of its numbers.
    public var type: ElementType
    /// The extents, outermost first; none for a single number.
    public var shape: [Int]

    /// Makes a description; it is checked where it is used.
    public init(_ name: String, _ type: ElementType, shape: [Int]) {
        self.name = name
        self.type = type
        self.shape = shape
    }

    /// The bytes of all numbers; nil where an extent is negative or the product does not fit into an `Int`.
    public var byteCount: Int? {
        var total = type.byteCount
        for extent in shape {
            guard extent >= 0 else { return nil }
            let (product, overflow) = total.multipliedReportingOverflow(by: extent)
            guard !overflow else { return nil }
            total = product
        }
        return total
    }
}
