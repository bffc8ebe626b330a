// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing
import Training

/// TensorBoard sees each number of a run's tables once, whatever happened to the run.
struct EventLogTests {
    /// What a record of a file of events says.
    struct Event: Equatable {
        var step = 0
        var version: String?
        var isStart = false
        var values: [String: Float] = [:]
        /// What is no number, by the names: an image, or what the page of hyperparameters is told.
        var others: [String: [UInt8]] = [:]
    }

    /// The fields of a Protobuf message: their numbers, and their bytes or values.
    static func fields(_ bytes: [UInt8]) -> [(field: Int, value: Int, bytes: [UInt8])] {
        var (place, fields) = (0, [(Int, Int, [UInt8])]())
        func varint() -> Int {
            var (value, shift) = (0, 0)
            while place < bytes.count {
                let byte = bytes[place]
                place += 1
                value |= Int(byte & 127) << shift
                shift += 7
                if byte < 128 { break }
            }
            return value
        }
        while place < bytes.count {
            let key = varint()
            let length = key & 7 == 1 ? 8 : key & 7 == 5 ? 4 : key & 7 == 2 ? varint() : 0
            let value = key & 7 == 0 ? varint() : 0
            fields.append((key >> 3, value, Array(bytes[place..<place + length])))
            place += length
        }
        return fields
    }

    static func event(_ bytes: [UInt8]) -> Event {
        var event = Event()
        for (field, value, bytes) in fields(bytes) {
            switch field {
            case 2: event.step = value
            case 3: event.version = String(decoding: bytes, as: UTF8.self)
            case 7: event.isStart = bytes == [8, 1]
            case 5:
                for entry in fields(bytes) {
                    let parts = fields(entry.bytes)
                    let name = String(decoding: parts[0].bytes, as: UTF8.self)
                    guard parts[1].field == 2 else {
                        event.others[name] = parts[parts.count - 1].bytes
                        continue
                    }
                    let bits = parts[1].bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                    event.values[name] = Float(bitPattern: bits)
                }
            default: break
            }
        }
        return event
    }

    /// The events of a file up to one that is torn or damaged, as TensorBoard reads them.
    static func events(_ bytes: [UInt8]) -> [Event] {
        var (place, events) = (0, [Event]())
        func sum(_ part: ArraySlice<UInt8>) -> [UInt8] {
            var register = UInt32.max
            for byte in part {
                for bit in 0..<8 {
                    let isOdd = (register ^ UInt32(byte) >> UInt32(bit)) & 1 == 1
                    register = register >> 1 ^ (isOdd ? 0x82F6_3B78 : 0)
                }
            }
            let masked = (~register >> 15 | ~register << 17) &+ 0xA282_EAD8
            return (0..<4).map { UInt8(truncatingIfNeeded: masked >> (8 * UInt32($0))) }
        }
        while place + 12 <= bytes.count {
            let length = bytes[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
            guard sum(bytes[place..<place + 8]) == Array(bytes[place + 8..<place + 12]),
                place + 16 + length <= bytes.count
            else { break }
            let body = bytes[place + 12..<place + 12 + length]
            guard sum(body) == Array(bytes[place + 12 + length..<place + 16 + length]) else { break }
            events.append(event(Array(body)))
            place += 16 + length
        }
        return events
    }

    /// The points of a curve over all files in the order of their names; a start forgets what was there from its step on.
    static func points(_ name: String, in folder: String) throws -> [Int: [Float]] {
        try points(in: folder) { $0.values[name] }
    }

    static func points<Value>(in folder: String, _ value: (Event) -> Value?) throws -> [Int: [Value]] {
        var points: [Int: [Value]] = [:]
        for file in Folder.names(at: folder).sorted() {
            let events = try events(FileBytes.read("\(folder)/\(file)"))
            #expect(events.first?.version == "brain.Event:2")
            #expect(events.count > 1 && events[1].isStart)
            for event in events {
                if event.isStart { points = points.filter { $0.key < event.step } }
                if let value = value(event) { points[event.step, default: []].append(value) }
            }
        }
        return points
    }

    static func expectAll(of run: TestRun) throws {
        for (path, column, name) in [
            (run.folder.progress, "return", "train/return"),
            (run.folder.evaluations, "mean_return", "evaluation/mean_return"),
            (run.folder.progress, "critic1_loss", "train/critic1_loss"),
            (run.folder.progress, "return_far_away", "train/return_far_away"),
            (run.folder.evaluations, "mean_return_bonus", "evaluation/mean_return_bonus"),
        ] {
            let log = try RunLog(contentsOf: path)
            let (steps, values) = (try #require(log["step"]), try #require(log[column]))
            var expected: [Int: [Float]] = [:]
            for (step, value) in zip(steps, values) where value.isFinite {
                expected[Int(step)] = [Float(value)]
            }
            #expect(!expected.isEmpty)
            #expect(try points(name, in: run.folder.path + "/tensorboard") == expected, "\(name)")
        }
    }

    @Test func `a run that asks for it has all numbers of its tables as events`() throws {
        let run = try TestRun()
        try run.folder.makeEvents()
        try run.train()
        try Self.expectAll(of: run)
        #expect(
            Folder.names(at: run.folder.path + "/tensorboard") == ["events.out.tfevents.0000000001.sinew"])
        #expect(RunFolder.holds(run.folder.path + "/tensorboard/x"))
        let other = try TestRun()
        try other.train()
        #expect(!FileManager.default.fileExists(atPath: other.folder.path + "/tensorboard"))
        #expect(try other.outcome == run.outcome)
    }

    @Test func `settings are there once, and a film of the best policy at the end, whatever happened`() throws
    {
        let run = try TestRun()
        try run.folder.makeEvents()
        let film = RunFilm(width: 7, height: 5, gif: Array("GIF89a".utf8))
        for (stop, isKilled) in [(40, false), (nil, true), (nil, false)] as [(Int?, Bool)] {
            let kept = try isKilled ? run.moved() : nil
            var asked = 0
            let trainer = try run.makeTrainer {
                asked += 1
                return asked == stop ? 15 : nil
            }
            trainer.makeFilm = { film }
            _ = try trainer.run(isResumed: stop == nil)
            guard let kept else { continue }
            // Killed after the film, before the checkpoint that would have told of it.
            for name in ["checkpoints", "progress.csv", "evaluations.csv", "best.safetensors"] {
                try FileManager.default.removeItem(atPath: "\(run.folder.path)/\(name)")
                try FileManager.default.copyItem(
                    atPath: "\(kept)/\(name)", toPath: "\(run.folder.path)/\(name)")
            }
            try FileManager.default.removeItem(atPath: run.folder.lastPolicy)
        }
        let folder = run.folder.path + "/tensorboard"
        #expect(Folder.names(at: folder).count == 3)
        let films = try Self.points(in: folder) { $0.others["best/episode"] }
        #expect(Array(films.keys) == [90] && films[90]?.count == 1)
        let image = Self.fields(films[90]?.first ?? [])
        #expect(image.map(\.field) == [1, 2, 3, 4] && image.prefix(3).map(\.value) == [5, 7, 3])
        #expect(image.last?.bytes == film.gif)
        let ends = try Self.points(in: folder) { $0.others["_hparams_/session_end_info"] }
        #expect(Array(ends.keys) == [90] && ends[90]?.count == 1)
        let starts = try Self.points(in: folder) { $0.others["_hparams_/session_start_info"] }
        #expect(Array(starts.keys) == [0] && starts[0]?.count == 1)
        let told = String(decoding: try #require(starts[0]?.first), as: UTF8.self)
        for name in ["scene", "algorithm", "seed", "learning_rate", "evaluate.every"] {
            #expect(told.contains(name), "\(name)")
        }
    }

    @Test func `files of others in the folder are no files of the run`() throws {
        let run = try TestRun()
        try run.folder.makeEvents()
        let folder = run.folder.path + "/tensorboard"
        let others = ["events.out.tfevents.\(Int.max).host", "events.out.tfevents..host", "notes.txt"]
        for name in others { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        try run.train()
        let own = "events.out.tfevents.0000000001.sinew"
        #expect(Set(Folder.names(at: folder)) == Set(others + [own]))
        let events = try Self.events(FileBytes.read("\(folder)/\(own)"))
        #expect(events.contains { $0.others["_hparams_/session_start_info"] != nil })
    }

    @Test func `a run that was killed and goes on from an earlier checkpoint shows each point once`() throws {
        let run = try TestRun()
        try run.folder.makeEvents()
        try run.train(stoppingAfter: 40)
        let earlier = try run.moved()
        // It went on to step 70, and was killed before the next checkpoint, in the middle of a record.
        try run.train(isResumed: true, stoppingAfter: 30)
        for name in ["checkpoints", "progress.csv", "evaluations.csv", "best.safetensors"] {
            try FileManager.default.removeItem(atPath: "\(run.folder.path)/\(name)")
            try FileManager.default.copyItem(
                atPath: "\(earlier)/\(name)", toPath: "\(run.folder.path)/\(name)")
        }
        let folder = run.folder.path + "/tensorboard"
        let last = try #require(Folder.names(at: folder).max())
        let handle = try #require(FileHandle(forWritingAtPath: "\(folder)/\(last)"))
        handle.seekToEndOfFile()
        handle.write(Data([40, 0, 0, 0, 0, 0, 0, 0, 1, 2]))
        try handle.close()
        try run.train(isResumed: true)
        #expect(Folder.names(at: folder).count == 3)
        try Self.expectAll(of: run)
    }
}
