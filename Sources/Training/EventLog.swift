// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Files

/// What TensorBoard reads of a run: the numbers of its tables, as a file of events in the folder `tensorboard` beside them.
///
/// Each process that trains the run begins a file of its own, with the word that a session starts and at which step: TensorBoard then
/// forgets what earlier files have from there on. So a run that was killed and goes on from a checkpoint shows each point once, and the
/// torn end of a file hides nothing that comes after.
struct EventLog {
    private let file: GrowingFile

    /// Begins a file for what follows `step`; nil where the run has no such folder.
    ///
    /// - Throws: `FileError`.
    init?(in run: Folder, after step: Int) throws(FileError) {
        guard run.kind(of: RunFolder.events) == .folder else { return nil }
        let folder = try run.folder(RunFolder.events)
        let numbers = try folder.names.filter { $0.hasPrefix(Self.prefix) }.compactMap {
            Int($0.dropFirst(Self.prefix.count).prefix { $0 != "." })
        }
        // Files are read in the order of their names.
        let number = "\((numbers.max() ?? 0) + 1)"
        let digits = String(repeating: "0", count: max(0, 10 - number.count)) + number
        file = try GrowingFile(in: folder, "\(Self.prefix)\(digits).sinew")
        try file.append(Self.record(Self.event(step: 0) + Self.bytes(3, Array("brain.Event:2".utf8))))
        // SessionLog { status: START }
        try file.append(Self.record(Self.event(step: step + 1) + Self.bytes(7, [0x08, 1])))
    }

    private static let prefix = "events.out.tfevents."

    /// Adds numbers at a step, one for each name.
    func append(_ values: [(name: String, value: Double)], step: Int) throws(FileError) {
        var summary: [UInt8] = []
        for (name, value) in values where value.isFinite {
            // Summary.Value { tag = 1, simple_value = 2 }
            let number = [0x15] + [UInt8](littleEndian: [Float(value).bitPattern])
            summary += Self.bytes(1, Self.bytes(1, Array(name.utf8)) + number)
        }
        guard !summary.isEmpty else { return }
        try file.append(Self.record(Self.event(step: step) + Self.bytes(5, summary)))
    }

    /// An event's time and step.
    private static func event(step: Int) -> [UInt8] {
        var now = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
        let bits = (Double(now.tv_sec) + 1e-9 * Double(now.tv_nsec)).bitPattern
        return [0x09] + [UInt8](littleEndian: [bits]) + [0x10] + varint(step)
    }

    /// A field of bytes as Protobuf has it.
    private static func bytes(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
        [field << 3 | 2] + varint(content.count) + content
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var (rest, bytes) = (UInt64(max(value, 0)), [UInt8]())
        while rest >= 128 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    /// A record of a file of events: its length and its bytes, each with its checksum.
    private static func record(_ content: [UInt8]) -> [UInt8] {
        let length = [UInt8](littleEndian: [UInt64(content.count)])
        return length + checksum(length) + content + checksum(content)
    }

    /// CRC-32C (Castagnoli), turned and shifted as these files have it.
    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        var register = UInt32.max
        for byte in bytes {
            register ^= UInt32(byte)
            for _ in 0..<8 { register = register & 1 == 1 ? register >> 1 ^ 0x82F6_3B78 : register >> 1 }
        }
        let sum = ~register
        return [UInt8](littleEndian: [(sum >> 15 | sum << 17) &+ 0xA282_EAD8])
    }
}
