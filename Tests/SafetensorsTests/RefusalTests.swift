// SPDX-License-Identifier: MIT

import Files
import Foundation
import Safetensors
import Testing

/// Claims about files that are damaged, forged or foreign.
struct RefusalTests {
    /// A file with this header and so many zero bytes behind it.
    static func file(_ header: String, _ count: Int) -> [UInt8] {
        file(Array(header.utf8), count)
    }

    static func file(_ header: [UInt8], _ count: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
            + [UInt8](repeating: 0, count: count)
    }

    static func refusal(_ bytes: [UInt8]) -> SafetensorsError.Refusal? {
        do {
            _ = try TensorArchive(bytes: bytes, file: "f")
            return nil
        } catch SafetensorsError.refused("f", let refusal) {
            return refusal
        } catch {
            Issue.record("another error: \(error)")
            return nil
        }
    }

    static func isNotJSON(_ header: String) -> Bool {
        if case .notJSON = refusal(file(header, 4)) { true } else { false }
    }

    static let tensor = #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#

    @Test func `a file of gigabytes that is none is refused before it is read`() throws {
        let path = NSTemporaryDirectory() + "sinew-hole-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(Self.file("{\(Self.tensor)}", 4)).write(to: URL(fileURLWithPath: path))
        #expect(try TensorArchive(contentsOf: path).tensors.count == 1)
        // A hole behind it: no disk and, if it is not read, no memory.
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.truncate(atOffset: 60 << 30)
        let size = 60 << 30
        let error = #expect(throws: SafetensorsError.self) { try TensorArchive(contentsOf: path) }
        guard case .refused(_, .wrongEnd(_, size)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `lengths that do not fit are refused`() {
        #expect(Self.refusal([]) == .tooShort(byteCount: 0))
        #expect(Self.refusal([2, 0, 0, 0, 0, 0, 0]) == .tooShort(byteCount: 7))
        #expect(Self.refusal([UInt8](repeating: 255, count: 8)) == .headerTooLarge(byteCount: .max))
        #expect(Self.refusal([1, 225, 245, 5, 0, 0, 0, 0]) == .headerTooLarge(byteCount: 100_000_001))
        #expect(Self.refusal([3, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D]) == .headerBeyondFile(byteCount: 3))
        #expect(Self.refusal(Self.file("{}", 0)) == nil)
        #expect(Self.refusal(Self.file("{}", 1)) == .wrongEnd(expected: 10, found: 11))
        #expect(Self.refusal(Self.file("{\(Self.tensor)}", 3)) == .wrongEnd(expected: 66, found: 65))
        #expect(Self.refusal(Self.file("{\(Self.tensor)}", 5)) == .wrongEnd(expected: 66, found: 67))
    }

    @Test func `keys that stand twice are refused`() {
        #expect(Self.refusal(Self.file("{\(Self.tensor),\(Self.tensor)}", 4)) == .duplicateKey("a"))
        let escaped = Self.tensor.replacingOccurrences(of: "\"a\"", with: #""\u0061""#)
        #expect(Self.refusal(Self.file("{\(Self.tensor),\(escaped)}", 4)) == .duplicateKey("a"))
        #expect(
            Self.refusal(Self.file(#"{"__metadata__":{},"__metadata__":{}}"#, 0))
                == .duplicateKey("__metadata__"))
        #expect(Self.refusal(Self.file(#"{"__metadata__":{"k":"1","k":"2"}}"#, 0)) == .duplicateKey("k"))
        let inner = #"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
        #expect(Self.refusal(Self.file(inner, 4)) == .duplicateKey("dtype"))
    }

    @Test(arguments: [
        "", " ", "[]", "{", "{}}", "{} x", "null", #"{"a"}"#, #"{"a":1}"#, "{\(tensor),}", "{,\(tensor)}",
        #"{'a':{}}"#, #"{"a":{}}"#, #"{"a":{"dtype":"F32","shape":[1]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#,
        #"{"a":{"dtype":"F32","shape":[1,],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}"#,
        #"{"__metadata__":[]}"#, #"{"__metadata__":{"a":1}}"#, #"{"__metadata__":{"a":null}}"#,
        #"{"__metadata__":{"a":{"b":"c"}}}"#, #"{"__metadata__":{"a":"\x"}}"#,
        #"{"__metadata__":{"a":"\u00g0"}}"#,
        #"{"__metadata__":{"a":"\ud800"}}"#, #"{"__metadata__":{"a":"\ud800\u0041"}}"#,
        #"{"__metadata__":{"a":"\udc00"}}"#, "{\"__metadata__\":{\"a\":\"\n\"}}",
        #"{"__metadata__":{"a":"b}}"#,
        "\u{FEFF}{}", "{}\u{0}", "/**/{}",
    ]) func `JSON that the format does not have is refused`(_ header: String) {
        #expect(Self.isNotJSON(header))
    }

    @Test func `spaces, escapes and any order of keys are read`() throws {
        let header =
            " {\t\"__metadata__\" : { \"k\\/\\u00e9\\ud83d\\udc1f\\\"\" : \"\\b\\f\\n\\r\\t\\\\\" } ,\r\n \"b\":"
            + #"{"data_offsets" : [ 4 , 12 ],"shape":[2],"dtype":"F32"},"#
            + Self.tensor + " } \n"
        let archive = try TensorArchive(bytes: Self.file(header, 12), file: "f")
        #expect(archive.metadata == ["k/é🐟\"": "\u{8}\u{c}\n\r\t\\"])
        #expect(archive.tensors.map(\.name) == ["a", "b"])
    }

    @Test func `a header that is not UTF-8 is refused`() {
        for bad: [UInt8] in [[0xC3], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF]] {
            let header = Array(#"{"__metadata__":{"a":""#.utf8) + bad + Array("\"}}".utf8)
            #expect(Self.refusal(Self.file(header, 0)) == .notUnicode)
        }
    }

    @Test func `sizes, holes and overlaps are refused`() {
        func refusal(_ tensors: String, _ count: Int) -> SafetensorsError.Refusal? {
            Self.refusal(Self.file("{\(tensors)}", count))
        }
        func tensor(_ name: String, _ begin: Int, _ end: Int, _ shape: String = "[1]", _ type: String = "F32")
            -> String
        {
            "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
        }
        #expect(refusal(tensor("a", 0, 4, "[1]", "F16"), 4) == .unknownType(tensor: "a", type: "F16"))
        #expect(refusal(tensor("a", 0, 4, "[2]"), 4) == .wrongSize(tensor: "a"))
        #expect(refusal(tensor("a", 0, 4, "[0]"), 4) == .wrongSize(tensor: "a"))
        #expect(refusal(tensor("a", 4, 0), 4) == .wrongSize(tensor: "a"))
        #expect(refusal(tensor("a", 0, 4, "[4294967296,4294967296]"), 4) == .sizeOverflow(tensor: "a"))
        #expect(refusal(tensor("a", 0, 4, "[2305843009213693952]"), 4) == .sizeOverflow(tensor: "a"))
        #expect(refusal(tensor("a", 4, 8), 8) == .holeOrOverlap(tensor: "a"))
        #expect(refusal(tensor("a", 0, 4) + "," + tensor("b", 0, 4), 4) == .holeOrOverlap(tensor: "b"))
        #expect(refusal(tensor("a", 0, 4) + "," + tensor("b", 2, 6), 6) == .holeOrOverlap(tensor: "b"))
        #expect(refusal(tensor("a", 0, 4) + "," + tensor("b", 5, 9), 9) == .holeOrOverlap(tensor: "b"))
        let far = Int.max - 3
        #expect(refusal(tensor("a", far, .max, "[3]", "U8"), 4) == .holeOrOverlap(tensor: "a"))
        let three = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}"#
        #expect(Self.refusal(Self.file(three, 4)) == .wrongSize(tensor: "a"))
    }

    @Test func `every flipped bit and every cut of a file with a checksum is refused`() throws {
        var archive = TensorArchive(metadata: ["step": "5000"])
        try archive.add("x", shape: [3], [1, 2, 3] as [Float])
        try archive.add("b", shape: [5], [1, 2, 3, 4, 5] as [UInt8])
        var bytes = try archive.encoded()
        #expect(
            try TensorArchive(bytes: bytes, file: "f", checksum: .required)
                == TensorArchive(bytes: bytes, file: "f"))
        for i in 0..<8 * bytes.count {
            bytes[i / 8] ^= 1 << UInt8(i % 8)
            #expect(throws: SafetensorsError.self) {
                try TensorArchive(bytes: bytes, file: "f", checksum: .required)
            }
            bytes[i / 8] ^= 1 << UInt8(i % 8)
        }
        for count in 0..<bytes.count {
            #expect(throws: SafetensorsError.self) {
                try TensorArchive(bytes: Array(bytes[..<count]), file: "f")
            }
        }
        bytes[bytes.count - 1] ^= 1
        #expect(Self.refusal(bytes) == .wrongChecksum)
    }

    @Test func `a file without a checksum is refused where one is required`() throws {
        let bytes = try TensorArchive().encoded(checksum: false)
        #expect(throws: SafetensorsError.refused(file: "f", .noChecksum)) {
            try TensorArchive(bytes: bytes, file: "f", checksum: .required)
        }
        #expect(try TensorArchive(bytes: bytes, file: "f").tensors.isEmpty)
    }

    @Test func `random damage never gets beyond an error`() throws {
        var random = Sequence64()
        let sound = try FileBytes.read(SafetensorsTests.referencePath)
        let alphabet = Array("{}[]\",:0123456789\\ aue._F-\u{0}\u{FF}".utf8)
        var survivors = 0
        for _ in 0..<20_000 {
            var bytes = sound
            for _ in 0..<random.index(below: 4) + 1 {
                let at = random.index(below: bytes.count)
                switch random.index(below: 5) {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(alphabet[random.index(below: alphabet.count)], at: at)
                default: bytes[at] = alphabet[random.index(below: alphabet.count)]
                }
            }
            do {
                let archive = try TensorArchive(bytes: bytes, file: "f")
                // What is accepted is whole: it writes and reads as the same.
                let again = try TensorArchive(bytes: archive.encoded(), file: "f")
                #expect(again.metadata == archive.metadata)
                survivors += 1
            } catch {
                #expect(error.description.count > 10)
            }
        }
        // Damage to a number is no damage to the file, so some survive; most do not.
        #expect((1..<10_000).contains(survivors))
    }

    @Test func `a header of a hundred thousand brackets or tensors is read in linear time`() throws {
        #expect(Self.isNotJSON(String(repeating: "[", count: 100_000)))
        #expect(Self.isNotJSON(String(repeating: "{\"a\":", count: 100_000)))
        let many = (0..<100_000).map { "\"\($0)\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}" }
        let archive = try TensorArchive(bytes: Self.file("{\(many.joined(separator: ","))}", 0), file: "f")
        #expect(archive.tensors.count == 100_000)
    }
}

/// Numbers that look random and are the same every time (SplitMix64).
private struct Sequence64 {
    private var state: UInt64 = 1

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func index(below bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }
}
