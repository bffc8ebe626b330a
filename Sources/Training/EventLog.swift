// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Files

/// What TensorBoard reads of a run: the numbers of its tables, its settings and a film of its best policy, as files of events in the
/// folder `tensorboard` beside them.
///
/// Each process that trains the run begins a file of its own, with the word that a session starts and at which step: TensorBoard then
/// forgets what earlier files have from there on. So a run that was killed and goes on from a checkpoint shows each point once, and the
/// torn end of a file hides nothing that comes after.
struct EventLog {
    private let file: GrowingFile

    /// Begins a file for what follows `step`, the run's first one with its settings; nil where the run has no such folder.
    ///
    /// - Throws: `FileError`.
    init?(
        in run: Folder, after step: Int, settings: [(name: String, value: HyperparameterValue)]
    ) throws(FileError) {
        guard run.kind(of: RunFolder.events) == .folder else { return nil }
        let folder = try run.folder(RunFolder.events)
        let numbers = try folder.names.filter { $0.hasPrefix(Self.prefix) }.compactMap {
            // Of ten digits at most, as ours are: what is longer is no number of a file.
            UInt32($0.dropFirst(Self.prefix.count).prefix { $0 != "." })
        }
        // Files are read in the order of their names.
        let number = "\(Int(numbers.max() ?? 0) + 1)"
        let digits = String(repeating: "0", count: max(0, 10 - number.count)) + number
        file = try GrowingFile(in: folder, "\(Self.prefix)\(digits).sinew")
        // In one piece: a process that is killed here leaves all of it or nothing.
        var beginning = Self.record(step: 0) { $0.add(3, "brain.Event:2") }
        // SessionLog { status: START }
        beginning += Self.record(step: step + 1) { $0.add(7) { $0.add(1, 1) } }
        if numbers.isEmpty {
            let summary = Hyperparameters.start(settings, at: Self.now)
            beginning += Self.record(step: 0) { $0.add(5, summary) }
        }
        try file.append(beginning)
    }

    private static let prefix = "events.out.tfevents."

    /// Adds numbers at a step, one for each name.
    func append(_ values: [(name: String, value: Double)], step: Int) throws(FileError) {
        var summary = ProtobufWriter()
        for (name, value) in values where value.isFinite {
            // Summary.Value { tag = 1, simple_value = 2 }
            summary.add(1) {
                $0.add(1, name)
                $0.add(2, Float(value))
            }
        }
        guard !summary.bytes.isEmpty else { return }
        try file.append(Self.record(step: step) { $0.add(5, summary.bytes) })
    }

    /// Adds what a run shows at its end: that it has ended well, and a film of its best policy where there is one.
    func appendEnd(_ film: RunFilm?, step: Int) throws(FileError) {
        if let film {
            // Summary.Image { height = 1, width = 2, colorspace = 3 (of three channels), encoded_image_string = 4 }
            let image = ProtobufWriter.message {
                $0.add(1, film.height)
                $0.add(2, film.width)
                $0.add(3, 3)
                $0.add(4, film.gif)
            }
            let value = ProtobufWriter.message {
                $0.add(1, "best/episode")
                $0.add(4, image)
            }
            try file.append(Self.record(step: step) { $0.add(5) { $0.add(1, value) } })
        }
        let summary = Hyperparameters.end(at: Self.now)
        try file.append(Self.record(step: step) { $0.add(5, summary) })
    }

    /// Seconds since 1970.
    private static var now: Double {
        var now = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Double(now.tv_sec) + 1e-9 * Double(now.tv_nsec)
    }

    /// A record of a file of events: an event's length and its bytes, each with its checksum.
    private static func record(step: Int, _ what: (inout ProtobufWriter) -> Void) -> [UInt8] {
        let event = ProtobufWriter.message {
            $0.add(1, now)
            $0.add(2, step)
            what(&$0)
        }
        let length = [UInt8](littleEndian: [UInt64(event.count)])
        return length + checksum(length) + event + checksum(event)
    }

    /// CRC-32C (Castagnoli), turned and shifted as these files have it.
    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        var register = UInt32.max
        for byte in bytes { register = crcTable[Int((register ^ UInt32(byte)) & 255)] ^ register >> 8 }
        let sum = ~register
        return [UInt8](littleEndian: [(sum >> 15 | sum << 17) &+ 0xA282_EAD8])
    }

    /// What a byte does to the register: a film is long.
    private static let crcTable: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { register, _ in
            register & 1 == 1 ? register >> 1 ^ 0x82F6_3B78 : register >> 1
        }
    }
}

/// A film of an episode, as an animated GIF.
package struct RunFilm: Sendable {
    /// Its pixels.
    package var width, height: Int
    /// The file.
    package var gif: [UInt8]

    package init(width: Int, height: Int, gif: [UInt8]) {
        (self.width, self.height, self.gif) = (width, height, gif)
    }
}
