// SPDX-License-Identifier: MIT

import ArgumentParser
import Drawing
import Export
import Files
import Processes
import Scenes

/// `--png`, `--gif`, `--mp4`, `--glb`: an episode as pictures, films and a model.
struct FilmOptions: ParsableArguments {
    @Option(
        help: "Write six moments of the first episode, beside each other, to this PNG file.",
        completion: .file(extensions: ["png"]))
    var png: String?
    @Option(
        help: "Write the first episode as a film to this GIF file.", completion: .file(extensions: ["gif"]))
    var gif: String?
    @Option(
        help: "Write the first episode as a film to this MP4 file, by ffmpeg.",
        completion: .file(extensions: ["mp4"]))
    var mp4: String?
    @Option(
        help: "Write the first episode as a glTF model that moves to this GLB file.",
        completion: .file(extensions: ["glb"]))
    var glb: String?
    @Option(
        help: ArgumentHelp(
            "Pixels of --png (of each moment), --gif and --mp4 (default: 640x480; of a moment 320x240).",
            valueName: "width x height"), transform: PictureSize.init)
    var size: PictureSize?
    @Option(
        help: "Pictures in a second of --gif and --mp4.",
        transform: number("a number above 0 and up to 50", where: { $0 > 0 && $0 <= 50 }))
    var fps = 25.0

    /// The files that are asked for.
    var targets: [String] { [png, gif, mp4, glb].compactMap(\.self) }

    func validate() throws {
        for (path, ending) in [(png, "png"), (gif, "gif"), (mp4, "mp4"), (glb, "glb")] {
            if let path, OutputFile.isFile(path), path.pathEnding.lowercased() != ending {
                throw ValidationError("--\(ending) \(path): give it a name that ends in .\(ending)")
            }
        }
        if size != nil, png == nil, gif == nil, mp4 == nil {
            throw ValidationError("--size needs --png, --gif or --mp4")
        }
        if let size, mp4 != nil, size.width % 2 + size.height % 2 > 0 {
            throw ValidationError("--size \(size): --mp4 needs even numbers")
        }
    }

    /// Refuses a film that cannot be made, before the episodes are run.
    func check() throws {
        if mp4 != nil { _ = try Self.ffmpeg() }
    }

    /// Writes what is asked for.
    func write(_ film: EpisodeFilm?, of scene: EpisodeScene, title: String, replacing: Bool) throws {
        let frames = film?.frames ?? []
        if let png, let pictures = pictures(scene, frames, size ?? .ofMoments) {
            let (strip, times) = pictures.strip(6)
            let said = times.map { "\($0.asReturn) s" }.joined(separator: ", ")
            try OutputFile(png, replacing: replacing).write(strip.png(title: "\(title): \(said)"))
            printError("wrote \(png): the episode at \(said)")
        }
        if let glb, let model = EpisodeModel(scene, frames) {
            try OutputFile(glb, replacing: replacing).write(model.glb)
            printError("wrote \(glb)")
        }
        guard let pictures = pictures(scene, frames, size ?? .usual) else { return }
        if let gif {
            let bytes = pictures.gif(perSecond: fps)
            try OutputFile(gif, replacing: replacing).write(bytes)
            printError("wrote \(gif): \(pictures.duration.asReturn) s, \(bytes.count / 1000) kB")
        }
        if let mp4 {
            try OutputFile(mp4, replacing: replacing).write(try encoded(pictures))
            printError("wrote \(mp4): \(pictures.duration.asReturn) s")
        }
    }

    private func pictures(
        _ scene: EpisodeScene, _ frames: [EpisodeFrame], _ size: PictureSize
    ) -> EpisodePictures? {
        EpisodePictures(scene, frames, width: size.width, height: size.height)
    }

    private static func ffmpeg() throws -> Program {
        guard let program = Program("ffmpeg") else {
            throw Failure(
                .missingProgram,
                "--mp4 needs ffmpeg, which is not here: install it (Debian: apt-get install ffmpeg), or write --gif"
            )
        }
        return program
    }

    /// The film as ffmpeg makes it of our pictures.
    private func encoded(_ pictures: EpisodePictures) throws -> [UInt8] {
        let program = try Self.ffmpeg()
        let folder = try ScratchFolder()
        let file = "\(folder.path)/film.mp4"
        let frames = pictures.indices(perSecond: fps)
        do {
            let process = try program.start(
                [
                    "-loglevel", "error", "-f", "rawvideo", "-pixel_format", "rgb24", "-video_size",
                    "\(size ?? .usual)", "-framerate", "\(fps)", "-i", "-", "-pix_fmt", "yuv420p",
                    "-movflags", "+faststart", file,
                ], hasInput: true)
            for index in frames { try process.write(pictures.picture(index).bytes) }
            process.closeInput()
            guard process.wait() == (0, false) else {
                throw Failure(.inputOutput, "--mp4: ffmpeg failed; its reason is above")
            }
        } catch let error as ProgramError {
            throw Failure(.inputOutput, "--mp4: \(error)")
        } catch is SystemRefusal {
            throw Failure(.inputOutput, "--mp4: ffmpeg stopped reading; its reason is above")
        }
        return try FileBytes.read(file, atMost: FileLimit.log)
    }
}

/// The size of a picture in pixels, as `640x480`.
struct PictureSize: CustomStringConvertible {
    let width, height: Int

    /// Of films and of pictures that stand alone.
    static let usual = PictureSize(width: 640, height: 480)
    /// Of each of several moments beside each other.
    static let ofMoments = PictureSize(width: 320, height: 240)

    init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    init(_ text: String) throws {
        let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1],
            (16...4096).contains(width), (16...4096).contains(height)
        else { throw ValidationError("it must be WIDTHxHEIGHT, each from 16 to 4096, such as 640x480") }
        self.init(width: width, height: height)
    }

    var description: String { "\(width)x\(height)" }
}
