// SPDX-License-Identifier: MIT

import Drawing
import Files
import Foundation
import Geometry
import Scenes
import Testing

/// An MCAP file is built as the specification says, and holds the episode.
struct EpisodeLogTests {
    /// A record: its kind, where it begins, and its content.
    struct Record {
        var kind: UInt8
        var start: Int
        var content: [UInt8]
    }

    static func number(_ bytes: some Collection<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    static func records(_ bytes: ArraySlice<UInt8>) -> [Record] {
        var (place, records) = (bytes.startIndex, [Record]())
        while place + 9 <= bytes.endIndex {
            let end = place + 9 + number(bytes[place + 1..<place + 9])
            guard end <= bytes.endIndex else { break }
            records.append(Record(kind: bytes[place], start: place, content: Array(bytes[place + 9..<end])))
            place = end
        }
        #expect(place == bytes.endIndex)
        return records
    }

    /// The texts and lists of bytes that a record's content has from a place on, each with its length before it.
    static func counted(_ content: [UInt8], _ place: inout Int) -> [UInt8] {
        let length = number(content[place..<place + 4])
        defer { place += 4 + length }
        return Array(content[place + 4..<place + 4 + length])
    }

    /// The fields of a Protobuf message: numbers of eight bytes, and bytes.
    static func fields(_ bytes: [UInt8]) -> [(field: Int, number: Double, bytes: [UInt8])] {
        var (place, fields) = (0, [(Int, Double, [UInt8])]())
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
            switch key & 7 {
            case 1:
                let bits = UInt64(truncatingIfNeeded: number(bytes[place..<place + 8]))
                fields.append((key >> 3, Double(bitPattern: bits), []))
                place += 8
            case 2:
                let length = varint()
                fields.append((key >> 3, .nan, Array(bytes[place..<place + length])))
                place += length
            default: fields.append((key >> 3, Double(varint()), []))
            }
        }
        return fields
    }

    /// A file with the messages of each topic, (time, data).
    struct Opened {
        var topics: [String: [(time: Int, data: [UInt8])]] = [:]
        var schemas: [String: [UInt8]] = [:]
        var kinds: [UInt8] = []
    }

    /// Reads a file through its summary and its chunks, and checks all lengths, places and checksums.
    static func open(_ file: [UInt8]) throws -> Opened {
        let magic: [UInt8] = [0x89] + Array("MCAP0\r\n".utf8)
        #expect(Array(file.prefix(8)) == magic && Array(file.suffix(8)) == magic)
        let records = records(file[8..<file.count - 8])
        var opened = Opened(kinds: records.map(\.kind))
        let footer = try #require(records.last)
        #expect(footer.kind == 2)
        let (start, offsets) = (number(footer.content[0..<8]), number(footer.content[8..<16]))
        #expect(
            number(footer.content[16..<20]) == Int(CRC32.checksum(of: Array(file[start..<footer.start + 25])))
        )
        let end = try #require(records.first { $0.kind == 15 })
        #expect(end.start + 13 == start)
        #expect(number(end.content) == Int(CRC32.checksum(of: Array(file[..<end.start]))))
        for offset in records.filter({ $0.start >= offsets && $0.kind == 14 }) {
            let (from, length) = (number(offset.content[1..<9]), number(offset.content[9..<17]))
            #expect(Self.records(file[from..<from + length]).allSatisfy { $0.kind == offset.content[0] })
        }
        var names: [Int: String] = [:]
        for record in records where record.start < start {
            var place = record.kind == 3 ? 2 : 4
            if record.kind == 3 {
                let name = String(decoding: counted(record.content, &place), as: UTF8.self)
                #expect(counted(record.content, &place) == Array("protobuf".utf8))
                opened.schemas[name] = counted(record.content, &place)
            } else if record.kind == 4 {
                names[number(record.content[..<2])] = String(
                    decoding: counted(record.content, &place), as: UTF8.self)
            }
        }
        for index in records.filter({ $0.kind == 8 }) {
            let (chunkStart, length) = (number(index.content[16..<24]), number(index.content[24..<32]))
            let chunk = try #require(Self.records(file[chunkStart..<chunkStart + length]).first)
            let content = Array(chunk.content[40...])
            #expect(
                number(chunk.content[16..<24]) == content.count
                    && number(chunk.content[32..<40]) == content.count)
            #expect(number(chunk.content[24..<28]) == Int(CRC32.checksum(of: content)))
            for message in Self.records(content[...]) {
                let (channel, time) = (number(message.content[..<2]), number(message.content[6..<14]))
                let topic = try #require(names[channel])
                #expect(number(message.content[2..<6]) == opened.topics[topic]?.count ?? 0)
                opened.topics[topic, default: []].append((time, Array(message.content[22...])))
            }
        }
        let statistics = try #require(records.first { $0.kind == 11 })
        #expect(number(statistics.content[..<8]) == opened.topics.values.reduce(0) { $0 + $1.count })
        return opened
    }

    @Test func `links, joints, actions, observations and rewards are there at their times`() throws {
        var (scene, frames) = try EpisodePicturesTests.episode("quadruped", steps: 20)
        scene.rewardTerms[1] = scene.rewardTerms[0]
        let seen = (0..<40).map(Float.init)
        let log = try #require(EpisodeLog(scene, frames, observing: ["a.x", "a x"], seen))
        let file = try Self.open(log.mcap)
        func time(_ step: Int) -> Int { Int((Double(step) * scene.period * 1e9).rounded()) }
        for (topic, steps) in [
            ("/tf", 0..<21), ("/joint_states", 0..<21), ("/reward", 1..<21), ("/action", 0..<20),
            ("/observation", 0..<20), ("/scene", 0..<1),
        ] {
            #expect(file.topics[topic]?.map(\.time) == steps.map(time), "\(topic)")
        }
        for (step, message) in (file.topics["/tf"] ?? []).enumerated() {
            let transforms = Self.fields(message.data).map { Self.fields($0.bytes) }
            #expect(
                transforms.map { String(decoding: $0[2].bytes, as: UTF8.self) } == scene.links.map(\.name))
            for (transform, pose) in zip(transforms, frames[step].links) {
                #expect(Self.fields(transform[3].bytes).map(\.number) == pose.position.components)
                let turn = pose.orientation
                #expect(Self.fields(transform[4].bytes).map(\.number) == [turn.x, turn.y, turn.z, turn.w])
            }
        }
        let joints = Self.fields(file.topics["/joint_states"]?[7].data ?? []).dropFirst().map {
            Self.fields($0.bytes)
        }
        #expect(joints.count == scene.joints.count)
        for (index, joint) in joints.enumerated() {
            #expect(joint.map(\.field) == [1, 2, 3, 5])
            let frame = frames[7]
            #expect(
                joint.dropFirst().map(\.number)
                    == [frame.jointPositions[index], frame.jointVelocities[index], frame.jointEfforts[index]])
        }
        func numbers(_ topic: String, _ index: Int) -> [Double] {
            Self.fields(file.topics[topic]?[index].data ?? []).map(\.number)
        }
        #expect(numbers("/action", 4) == frames[5].action)
        #expect(numbers("/reward", 4) == [frames[5].reward] + frames[5].rewardTerms)
        #expect(numbers("/observation", 4) == [8, 9])
    }

    @Test func `fields have names that Protobuf takes, each once`() throws {
        var (scene, frames) = try EpisodePicturesTests.episode("quadruped", steps: 1)
        scene.actions = ["FL hip", "FL_hip", "2nd", "über"]
        let log = try #require(EpisodeLog(scene, frames, observing: [], []))
        let schema = try #require(try Self.open(log.mcap).schemas["sinew.Action"])
        let file = Self.fields(schema).map { Self.fields($0.bytes) }[0]
        let message = try #require(file.first { $0.field == 4 })
        let names = Self.fields(message.bytes).filter { $0.field == 2 }
            .map { String(decoding: Self.fields($0.bytes)[0].bytes, as: UTF8.self) }
        #expect(names == ["FL_hip", "FL_hip__2", "n2nd", "n_ber"])
        frames = []
        #expect(EpisodeLog(scene, frames, observing: [], []) == nil)
    }

    @Test func `a long episode has several chunks, each with an index`() throws {
        let (scene, short) = try EpisodePicturesTests.episode("quadruped", steps: 3)
        let frames = (0..<700).map { short[$0 % 4] }
        let file = try Self.open(try #require(EpisodeLog(scene, frames, observing: [], [])).mcap)
        #expect(
            file.kinds.count { $0 == 6 } > 1 && file.kinds.count { $0 == 6 } == file.kinds.count { $0 == 8 })
        #expect(file.topics["/tf"]?.count == 700)
    }
}
