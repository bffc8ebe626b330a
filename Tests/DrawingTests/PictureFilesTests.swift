// SPDX-License-Identifier: MIT

import Drawing
import Environments
import Files
import Testing

/// PNG and GIF hold the pictures that were put in.
struct PictureFilesTests {
    /// A picture of smooth colours with some noise.
    static func sample(_ width: Int = 61, _ height: Int = 47, shift: Int = 0) -> Picture {
        var random = RandomStream(seed: 1, .environment)
        var picture = Picture(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width {
                let isDisc = (x - 20 - shift) * (x - 20 - shift) + (y - 20) * (y - 20) < 150
                let noise = x > 50 ? Int(random.uniform(0, 200)) : 0
                let colour = isDisc ? [200, 90, 60] : [4 * x + noise, 5 * y, 128 + noise]
                for part in 0..<3 {
                    picture.bytes[3 * (y * width + x) + part] = UInt8(min(255, colour[part]))
                }
            }
        }
        return picture
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    /// The chunks of a PNG file, whose checksums are right.
    static func chunks(_ file: [UInt8]) throws -> [(kind: String, content: [UInt8])] {
        #expect(file.prefix(8) == [137, 80, 78, 71, 13, 10, 26, 10])
        var (place, chunks) = (8, [(String, [UInt8])]())
        while place < file.count {
            let length = number(file[place..<place + 4])
            let body = Array(file[place + 4..<place + 8 + length])
            #expect(
                CRC32.checksum(of: body) == UInt32(number(file[place + 8 + length..<place + 12 + length])))
            chunks.append((String(decoding: body.prefix(4), as: UTF8.self), Array(body.dropFirst(4))))
            place += 12 + length
        }
        return chunks
    }

    /// The rows of a PNG file, their filters undone.
    static func pixels(_ file: [UInt8]) throws -> [UInt8] {
        let chunks = try chunks(file)
        let width = number(chunks[0].content[0..<4])
        let rows = try #require(inflated(chunks.filter { $0.kind == "IDAT" }.flatMap(\.content)))
        var (result, above) = ([UInt8](), [UInt8](repeating: 0, count: 3 * width))
        for start in stride(from: 0, to: rows.count, by: 3 * width + 1) {
            var row: [UInt8] = []
            for x in 0..<3 * width {
                let (left, corner) = x < 3 ? (0, 0) : (Int(row[x - 3]), Int(above[x - 3]))
                let up = Int(above[x])
                let sum = left + up - corner
                let nearest = [left, up, corner].min { abs(sum - $0) < abs(sum - $1) } ?? 0
                let expected = [0, left, up, (left + up) / 2, nearest][Int(rows[start])]
                row.append(rows[start + 1 + x] &+ UInt8(expected))
            }
            result += row
            above = row
        }
        return result
    }

    @Test func `a PNG file holds the picture and its title`() throws {
        let picture = Self.sample()
        let file = picture.png(title: "a disc")
        #expect(try Self.pixels(file) == picture.bytes)
        let chunks = try Self.chunks(file)
        #expect(chunks.map(\.kind) == ["IHDR", "iTXt", "IDAT", "IEND"])
        #expect(chunks[1].content == Array("Title\0\0\0\0\0a disc".utf8))
        #expect(chunks[0].content == [0, 0, 0, 61, 0, 0, 0, 47, 8, 2, 0, 0, 0])
    }

    @Test func `what is compressed comes back, whatever it is`() throws {
        var random = RandomStream(seed: 2, .environment)
        // One colour, noise, few values, and far repetitions, each more than one block long.
        for kind in 0..<4 {
            let width = 300
            var picture = Picture(width: width, height: 250)
            let early = (0..<3000).map { _ in UInt8(random.uniform(0, 256)) }
            for place in picture.bytes.indices {
                picture.bytes[place] =
                    switch kind {
                    case 0: 77
                    case 1: UInt8(random.uniform(0, 256))
                    case 2: random.uniform() < 0.001 ? 9 : UInt8(random.uniform(0, 2))
                    default: early[place % 3000]
                    }
            }
            #expect(try Self.pixels(picture.png()) == picture.bytes)
        }
        #expect(Picture(width: 200, height: 200).png().count < 300)
    }

    @Test func `pictures beside each other have a white line between`() {
        let picture = Self.sample(10, 5)
        let row = Picture.row([picture, picture], gap: 2)
        #expect((row.width, row.height) == (22, 5))
        #expect(row[3, 4] == picture[3, 4] && row[15, 4] == picture[3, 4])
        #expect(row[10, 2] == [255, 255, 255] && row[11, 2] == [255, 255, 255])
        #expect(Picture.row([]).bytes.isEmpty)
    }

    /// What a GIF file shows, picture by picture, and for how long.
    static func frames(_ file: [UInt8]) throws -> [(picture: Picture, hundredths: Int)] {
        #expect(file.prefix(6) == Array("GIF89a".utf8)[...])
        func short(_ place: Int) -> Int { Int(file[place]) | Int(file[place + 1]) << 8 }
        let (width, height) = (short(6), short(8))
        let colours = Array(file[13..<13 + 768])
        var canvas = Picture(width: width, height: height)
        var (place, hundredths, frames) = (13 + 768, 0, [(Picture, Int)]())
        while file[place] != 0x3B {
            if file[place] == 0x21 {
                if file[place + 1] == 0xF9 { hundredths = short(place + 4) }
                place += 2
                while file[place] != 0 { place += Int(file[place]) + 1 }
                place += 1
                continue
            }
            let (left, top) = (short(place + 1), short(place + 3))
            let (columns, rows) = (short(place + 5), short(place + 7))
            #expect(file[place + 9] == 0)
            let size = Int(file[place + 10])
            place += 11
            var codes: [UInt8] = []
            while file[place] != 0 {
                codes += file[place + 1...place + Int(file[place])]
                place += Int(file[place]) + 1
            }
            place += 1
            let numbers = unpacked(codes, size: size)
            #expect(numbers.count == columns * rows)
            for (index, number) in numbers.enumerated() where number != 255 {
                let pixel = 3 * ((top + index / columns) * width + left + index % columns)
                for part in 0..<3 { canvas.bytes[pixel + part] = colours[3 * Int(number) + part] }
            }
            frames.append((canvas, hundredths))
        }
        return frames
    }

    @Test func `a GIF file shows the pictures with colours near to theirs`() throws {
        let pictures = [0, 0, 4, 9].map { Self.sample(shift: $0) }
        var film = GIF(like: pictures)
        for (index, picture) in pictures.enumerated() { film.add(picture, hundredths: 3 + index) }
        let frames = try Self.frames(film.bytes)
        #expect(frames.map(\.hundredths) == [3, 4, 5, 6])
        for (frame, picture) in zip(frames, pictures) {
            let errors = zip(frame.picture.bytes, picture.bytes).map { abs(Int($0) - Int($1)) }
            #expect(errors.reduce(0, +) < 6 * errors.count)
            // The disc's own colour is one of the palette.
            let middle = frame.picture[21, 20]
            #expect(
                abs(Int(middle.x) - 200) < 6 && abs(Int(middle.y) - 90) < 6 && abs(Int(middle.z) - 60) < 6)
        }
        // What stays the same takes no room.
        #expect(frames[0].picture == frames[1].picture)
        var still = GIF(like: pictures)
        still.add(pictures[0], hundredths: 3)
        let once = still.bytes.count
        for _ in 0..<10 { still.add(pictures[0], hundredths: 3) }
        #expect(still.bytes.count < once + 10 * 40)
    }

    @Test func `a picture of few colours comes back exactly`() throws {
        var picture = Picture(width: 300, height: 200)
        var random = RandomStream(seed: 3, .environment)
        // Noise of black, white and red: long tables of codes, which are cleared more than once.
        for pixel in 0..<300 * 200 {
            let colour: [UInt8] = [[0, 0, 0], [255, 255, 255], [255, 0, 0]][Int(random.uniform(0, 3))]
            for part in 0..<3 { picture.bytes[3 * pixel + part] = colour[part] }
        }
        var film = GIF(like: [picture])
        film.add(picture, hundredths: 10)
        #expect(try Self.frames(film.bytes).first?.picture == picture)
    }

    @Test func `the same picture is the same bytes everywhere`() {
        let pictures = [Self.sample(), Self.sample(shift: 5)]
        var film = GIF(like: pictures)
        for picture in pictures { film.add(picture, hundredths: 4) }
        #expect(CRC32.checksum(of: pictures[0].png(title: "a disc")) == 301_036_579)
        #expect(CRC32.checksum(of: film.bytes) == 3_101_396_327)
    }
}
