// SPDX-License-Identifier: MIT

internal import Files

/// A file in MCAP's format (mcap.dev/spec): messages on channels, each with its schema, by rising time.
///
/// Chunks are not compressed; each has an index, and the end of the file a summary, so that a reader finds any time at once.
struct MCAP {
    /// Messages of one kind under a name.
    struct Channel {
        fileprivate let number: UInt16
    }

    /// The kinds of records, by the numbers of the specification.
    private enum Kind: UInt8 {
        case header = 1
        case footer, schema, channel, message, chunk, messageIndex, chunkIndex
        case statistics = 0x0B
        case summaryOffset = 0x0E
        case dataEnd
    }

    private static let magic: [UInt8] = [0x89] + Array("MCAP0\r\n".utf8)
    /// A chunk that has come to so many bytes is written.
    private static let chunkSize = 1 << 20

    private var file = Self.magic
    /// The records that the summary says again.
    private var (schemas, channels) = ([UInt8](), [UInt8]())
    /// Messages on each channel.
    private var counts: [UInt64] = []
    private var chunk: [UInt8] = []
    /// Where in the chunk the messages of each channel are, and when they were.
    private var places: [[(time: UInt64, place: UInt64)]] = []
    private var chunkTimes, times: (first: UInt64, last: UInt64)?
    private var chunkIndices: [[UInt8]] = []

    init() {
        Self.add(.header, Self.text("") + Self.text("sinew"), to: &file)
    }

    /// Adds a channel of Protobuf messages, before the first message; `schema` is a FileDescriptorSet.
    mutating func addChannel(_ topic: String, _ type: String, _ schema: [UInt8]) -> Channel {
        let number = UInt16(counts.count)
        // Schema 0 stands for none.
        Self.add(
            .schema,
            Self.word(number + 1) + Self.text(type) + Self.text("protobuf") + Self.counted(schema),
            to: &schemas)
        Self.add(
            .channel,
            Self.word(number) + Self.word(number + 1) + Self.text(topic) + Self.text("protobuf")
                + Self.counted([]),
            to: &channels)
        counts.append(0)
        places.append([])
        return Channel(number: number)
    }

    /// Adds a message at a time in ns, which is not before those of others.
    mutating func add(_ message: [UInt8], to channel: Channel, at time: UInt64) {
        if chunkIndices.isEmpty, chunk.isEmpty { file += schemas + channels }
        let number = Int(channel.number)
        places[number].append((time, UInt64(chunk.count)))
        let sequence = UInt32(truncatingIfNeeded: counts[number])
        Self.add(
            .message,
            Self.word(channel.number) + Self.word(sequence) + Self.word(time) + Self.word(time) + message,
            to: &chunk)
        counts[number] += 1
        chunkTimes = (chunkTimes?.first ?? time, time)
        times = (times?.first ?? time, time)
        if chunk.count >= Self.chunkSize { endChunk() }
    }

    /// The whole file; nothing can be added after.
    mutating func finish() -> [UInt8] {
        endChunk()
        Self.add(.dataEnd, Self.word(CRC32.checksum(of: file)), to: &file)
        let summaryStart = file.count
        var offsets: [UInt8] = []
        for (kind, records) in [
            (Kind.schema, schemas), (.channel, channels), (.statistics, Self.record(.statistics, statistics)),
            (.chunkIndex, chunkIndices.flatMap { Self.record(.chunkIndex, $0) }),
        ] where !records.isEmpty {
            Self.add(
                .summaryOffset,
                [kind.rawValue] + Self.word(UInt64(file.count)) + Self.word(UInt64(records.count)),
                to: &offsets)
            file += records
        }
        let offsetStart = file.count
        file += offsets
        // The checksum of the summary takes in the footer up to the checksum itself.
        let footer =
            [Kind.footer.rawValue] + Self.word(UInt64(20)) + Self.word(UInt64(summaryStart))
            + Self.word(UInt64(offsetStart))
        file += footer
        file += Self.word(CRC32.checksum(of: Array(file[summaryStart...]))) + Self.magic
        return file
    }

    private mutating func endChunk() {
        guard let (first, last) = chunkTimes else { return }
        let start = file.count
        let head =
            Self.word(first) + Self.word(last) + Self.word(UInt64(chunk.count))
            + Self.word(CRC32.checksum(of: chunk)) + Self.text("") + Self.word(UInt64(chunk.count))
        Self.add(.chunk, head + chunk, to: &file)
        let (length, indexStart) = (file.count - start, file.count)
        var indices: [UInt8] = []
        for (number, messages) in places.enumerated() where !messages.isEmpty {
            indices += Self.word(UInt16(number)) + Self.word(UInt64(file.count))
            let entries = [UInt8](littleEndian: messages.flatMap { [$0.time, $0.place] })
            Self.add(.messageIndex, Self.word(UInt16(number)) + Self.counted(entries), to: &file)
        }
        chunkIndices.append(
            Self.word(first) + Self.word(last) + Self.word(UInt64(start)) + Self.word(UInt64(length))
                + Self.counted(indices) + Self.word(UInt64(file.count - indexStart)) + Self.text("")
                + Self.word(UInt64(chunk.count)) + Self.word(UInt64(chunk.count)))
        chunk = []
        places = places.map { _ in [] }
        chunkTimes = nil
    }

    private var statistics: [UInt8] {
        let each = counts.enumerated().flatMap { Self.word(UInt16($0.offset)) + Self.word($0.element) }
        let (messages, count) = (counts.reduce(0, +), UInt32(counts.count))
        // Schemas, channels, attachments, metadata, chunks.
        return Self.word(messages) + Self.word(UInt16(count)) + Self.word(count) + Self.word(UInt32(0))
            + Self.word(UInt32(0)) + Self.word(UInt32(chunkIndices.count)) + Self.word(times?.first ?? 0)
            + Self.word(times?.last ?? 0) + Self.counted(each)
    }

    // MARK: Bytes

    private static func record(_ kind: Kind, _ content: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        add(kind, content, to: &bytes)
        return bytes
    }

    private static func add(_ kind: Kind, _ content: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(kind.rawValue)
        bytes += word(UInt64(content.count))
        bytes += content
    }

    private static func word(_ number: some FixedWidthInteger) -> [UInt8] {
        [UInt8](littleEndian: CollectionOfOne(number))
    }

    private static func counted(_ content: [UInt8]) -> [UInt8] { word(UInt32(content.count)) + content }

    private static func text(_ text: String) -> [UInt8] { counted(Array(text.utf8)) }
}
