// SPDX-License-Identifier: MIT

internal import Environments
internal import Files
internal import Geometry

/// An environment's state as bytes: a magic number, a checksum of what follows, little-endian words of the random stream,
/// counts, numbers, then the world's own bytes.
struct SavedState {
    var random: RandomStream
    /// `Episode.numbers`, then what continues from step to step: the base's orientation and pitch.
    var episode: [Double]
    var orientation: Quaternion
    var pitch: Double
    var worldState: [UInt8]

    private static let magic: UInt64 = 0x3253_5645_5749_4e53

    var bytes: [UInt8] {
        var words = random.stateWords
        words += [UInt64(episode.count)] + episode.map(\.bitPattern)
        words += [orientation.w, orientation.x, orientation.y, orientation.z, pitch].map(\.bitPattern)
        let content = [UInt8](littleEndian: words) + worldState
        return [UInt8](littleEndian: [Self.magic, UInt64(hashing: content[...])]) + content
    }

    init(
        random: RandomStream, episode: [Double], orientation: Quaternion, pitch: Double, worldState: [UInt8]
    ) {
        self.random = random
        self.episode = episode
        self.orientation = orientation
        self.pitch = pitch
        self.worldState = worldState
    }

    /// Reads bytes that `bytes` gave; nil where they are not such.
    init?(bytes: [UInt8]) {
        var rest = bytes[...]
        func words(_ count: Int) -> [UInt64]? {
            guard count >= 0, count <= rest.count / 8 else { return nil }
            defer { rest = rest.dropFirst(8 * count) }
            return [UInt64](littleEndianBytes: rest.prefix(8 * count))
        }
        guard let head = words(2), head == [Self.magic, UInt64(hashing: rest)], let streamWords = words(6),
            let stream = RandomStream(stateWords: streamWords),
            let count = words(1)?.first, let episode = words(Int(clamping: count)), let continued = words(5)
        else { return nil }
        let numbers = continued.map { Double(bitPattern: $0) }
        guard numbers.allSatisfy(\.isFinite) else { return nil }
        random = stream
        self.episode = episode.map { Double(bitPattern: $0) }
        orientation = Quaternion(w: numbers[0], x: numbers[1], y: numbers[2], z: numbers[3])
        pitch = numbers[4]
        worldState = Array(rest)
    }
}
