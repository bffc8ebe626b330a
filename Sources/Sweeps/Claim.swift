// SPDX-License-Identifier: MIT

internal import CLibrary
package import Files

/// That this process is at work in a folder, and no other: files claim-1, claim-2 and so on in it, of which the greatest number counts.
///
/// A lock of the system (flock) would go with its process, but is not one on every network file system. Of those who make claim-n at
/// once one succeeds, on these too. A claim ends where its process does: on this machine that is seen; of another machine's, claims
/// that were not refreshed for two minutes count as left behind. Whoever takes a claim up makes the next number, so that two who
/// see the same one left behind do not both have it, and its owner, where it only slept, sees that it lost it.
package final class Claim: Sendable {
    /// The longest that a living process does not refresh its claims, seconds; network file systems tell times that are a minute old.
    static let patience = 120.0
    /// How often they are to be refreshed, seconds.
    package static let interval = 10.0

    private let folder: Folder
    private let number: Int

    /// Claims a folder; nil where another process has it.
    ///
    /// - Throws: `FileError`.
    package init?(_ folder: Folder) throws(FileError) {
        let before = try Self.numbers(in: folder)
        if let last = before.last, try Self.isHeld(Self.name(last), in: folder) { return nil }
        number = (before.last ?? 0) + 1
        self.folder = folder
        let draft =
            ".claim-\(ClaimOwner.here.process)-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))"
        try AtomicFile.write(Array(ClaimOwner.here.text.utf8), to: draft, in: folder)
        let isMade = try folder.link(draft, as: Self.name(number))
        try folder.remove(draft)
        guard isMade else { return nil }
        // Others may have claimed it and gone since it was looked at.
        guard try isHeld() else {
            try folder.remove(Self.name(number))
            return nil
        }
        for left in before { try folder.remove(Self.name(left)) }
    }

    /// Whether it is still this process's: nobody took it for left behind.
    package func isHeld() throws(FileError) -> Bool { try Self.numbers(in: folder).last == number }

    /// Says that this process lives.
    package func refresh() throws(FileError) { _ = try folder.touch(Self.name(number)) }

    /// Leaves the folder to others; the number stays taken, so that nobody who looked at an earlier one gets it.
    package func release() throws(FileError) {
        guard try isHeld() else { return }
        try AtomicFile.write(Array(Self.free.utf8), to: Self.name(number), in: folder)
    }

    /// Removes it where nothing is left to be claimed.
    package func remove() throws(FileError) { try folder.remove(Self.name(number)) }

    private static let free = "free\n"

    private static func name(_ number: Int) -> String { "claim-\(number)" }

    private static func numbers(in folder: Folder) throws(FileError) -> [Int] {
        try folder.names.compactMap { name in
            name.hasPrefix("claim-") ? Int(name.dropFirst("claim-".count)) : nil
        }.sorted()
    }

    private static func isHeld(_ name: String, in folder: Folder) throws(FileError) -> Bool {
        // One that is there and cannot be read is somebody's, and counts as long as it is refreshed.
        let bytes = (try? FileBytes.read(folder.path(of: name), atMost: 4096)) ?? []
        let text = String(decoding: bytes, as: UTF8.self)
        if text == free { return false }
        if let owner = ClaimOwner(text: text), owner.place == ClaimOwner.here.place { return owner.isAlive }
        guard let claimed = folder.changed(name) else { return false }
        // Both times by the clock of the machine that has the files.
        return try folder.touch(".clock") - claimed < patience
    }
}

/// A process, so that it is told from others of its number, before it and on other machines.
struct ClaimOwner: Equatable {
    /// The machine since it was started, and where in it this number means this process (a container has numbers of its own).
    var place: String
    var process: Int32
    /// When it was started, in the machine's own count; 0 where that is not told.
    var started: UInt64

    static let here = ClaimOwner(process: getpid())

    private init(process: Int32) {
        var name = [CChar](repeating: 0, count: 256)
        _ = unsafe gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let boot = Self.told("/proc/sys/kernel/random/boot_id")
        place = [host, boot, Self.target(of: "/proc/self/ns/pid")].joined(separator: "/").filter {
            !$0.isWhitespace
        }
        (self.process, started) = (process, Self.status(of: process)?.start ?? 0)
    }

    init?(text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 3, let process = Int32(words[1]), process > 0, let started = UInt64(words[2])
        else { return nil }
        (place, self.process, self.started) = (String(words[0]), process, started)
    }

    var text: String { "\(place) \(process) \(started)\n" }

    /// Whether the process is there, seen from its own machine.
    var isAlive: Bool {
        guard kill(process, 0) == 0 || errno == EPERM else { return false }
        guard started != 0 else { return true }
        guard let status = Self.status(of: process) else { return false }
        // One that nobody waited for yet has ended too.
        return status.start == started && status.state != "Z"
    }

    /// What a process does, and clock ticks from the machine's start to its own.
    private static func status(of process: Int32) -> (state: Substring, start: UInt64)? {
        // "pid (name) state ...": the name may have any characters, and the start is the 22nd field.
        let fields = told("/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 19, let start = UInt64(fields[19]) else { return nil }
        return (fields[0], start)
    }

    /// What a file says that the kernel makes when it is read, and of which it tells no size.
    private static func told(_ path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    private static func target(of link: String) -> String {
        var bytes = [CChar](repeating: 0, count: 256)
        let count = unsafe readlink(link, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
