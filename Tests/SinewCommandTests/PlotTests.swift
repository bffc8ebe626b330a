// SPDX-License-Identifier: MIT

import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// `sinew plot`: which runs become one curve, what is drawn, and what is refused.
struct PlotTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A run in the folder with these evaluations, (step, mean return, seconds), as if it had been trained.
    private func makeRun(
        _ name: String, seed: Int = 0, scene: String = "pendulum", batch: Int = 16,
        _ rows: [(Int, Double, Double)]
    ) throws {
        try folder.copy(try Runs.finished.get()["run"], to: name)
        let recipe = try String(contentsOfFile: folder["\(name)/run.yaml"], encoding: .utf8)
        let changed = recipe.replacing("seed: 0", with: "seed: \(seed)")
            .replacing("scene: pendulum", with: "scene: \"\(scene)\"")
            .replacing("batch: 16", with: "batch: \(batch)")
            .replacing(/checksum: .*\n$/, with: "checksum: edited\n")
        try folder.write(changed, to: "\(name)/run.yaml")
        let lines = ["step,mean_return,std_return,seconds"] + rows.map { "\($0.0),\($0.1),1.5,\($0.2)" }
        try folder.write(lines.joined(separator: "\n") + "\n", to: "\(name)/evaluations.csv")
    }

    private func json(_ arguments: String...) throws -> [[String: Any]] {
        let output = arguments.contains("--output") ? [] : ["--output", "curves.svg"]
        let outcome = try sinew(["plot"] + arguments + output + ["--force", "--json"], in: folder)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return try #require(document as? [[String: Any]])
    }

    private func points(_ curve: [String: Any]) throws -> [[Double?]] {
        try #require(curve["points"] as? [[String: Any]]).map { point in
            ["x", "median", "low", "high"].map { point[$0] as? Double }
        }
    }

    /// The paths of a picture, which must be well-formed.
    private func paths(_ name: String) throws -> (curves: Int, bands: Int) {
        let counter = PathCounter()
        let parser = XMLParser(data: try Data(contentsOf: URL(fileURLWithPath: folder[name])))
        parser.delegate = counter
        #expect(parser.parse())
        return (counter.curves, counter.bands)
    }

    private final class PathCounter: NSObject, XMLParserDelegate {
        var (curves, bands) = (0, 0)

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
            qualifiedName: String?, attributes: [String: String]
        ) {
            guard name == "path" else { return }
            if attributes["fill"] == "none" { curves += 1 } else { bands += 1 }
        }
    }

    @Test func `runs that differ in the seed alone are one curve: median, least and greatest`() throws {
        try makeRun("a", seed: 0, [(100, -9, 1), (200, -3, 2)])
        try makeRun("b", seed: 1, [(100, -5, 1), (200, -1, 3)])
        try makeRun("c", seed: 2, [(100, -6, 2), (200, -2, 5)])
        let curves = try json("a", "b", "c")
        let curve = try #require(curves.first)
        #expect(curves.count == 1)
        #expect(try points(curve) == [[100, -6, -9, -5], [200, -2, -3, -1]])
        #expect(curve["seeds"] as? [Int] == [0, 1, 2])
        #expect(curve["label"] as? String == "sac")
        #expect(try paths("curves.svg") == (1, 1))
        let bytes = folder.files()["curves.svg"]
        // The same picture whatever the order of runs, or where the folder of them is named.
        _ = try json("c", "a", "b")
        #expect(folder.files()["curves.svg"] == bytes)
        _ = try json(".")
        #expect(folder.files()["curves.svg"] == bytes)
        #expect(
            try points(json("a", "b", "c", "--band", "none")[0]) == [
                [100, -6, nil, nil], [200, -2, nil, nil],
            ])
        #expect(try paths("curves.svg") == (1, 0))
    }

    @Test func `against seconds, runs are interpolated`() throws {
        try makeRun("a", seed: 0, [(100, 0, 1), (200, 10, 3)])
        try makeRun("b", seed: 1, [(100, 0, 1), (200, 20, 5)])
        let curve = try json("a", "b", "--against", "seconds")[0]
        #expect(try points(curve) == [[1, 0, 0, 0], [3, 10, 10, 10], [5, 20, 20, 20]])
    }

    @Test func `settings make curves, named by what differs, and scenes make panels`() throws {
        try makeRun("a", batch: 16, [(100, 1, 1)])
        try makeRun("b", batch: 32, [(100, 2, 1)])
        try makeRun("c", scene: "./else/where.yaml", [(100, 3, 1)])
        let curves = try json("a", "b", "c", "--output", "three.svg")
        #expect(curves.map { $0["label"] as? String } == ["sac, batch 16", "sac, batch 32", "sac"])
        #expect(curves.map { $0["scene"] as? String } == ["pendulum", "pendulum", "where"])
        #expect(try paths("three.svg") == (3, 0))
        let text = try String(contentsOfFile: folder["three.svg"], encoding: .utf8)
        #expect(text.contains(">pendulum<") && text.contains(">where<"))
    }

    @Test func `columns of both logs can be drawn`() throws {
        let run = try Runs.finished.get()["run"]
        let curves = try json(run, "--show", "std_return", "--show", "length")
        #expect(curves.map { $0["column"] as? String } == ["std_return", "length"])
        #expect(try points(curves[1]).map { $0[1] } == [200, 200, 200])
        #expect(try paths("curves.svg") == (2, 0))
        let outcome = try sinew("plot", run, in: folder)
        #expect(outcome.code == 0 && outcome.output.contains("pendulum  sac  1 seed  greatest mean_return"))
    }

    /// Gives a run evaluations of two terms, (step, near, far) each.
    private func write(terms rows: [(Int, Double, Double)], to name: String) throws {
        let lines = rows.map { "\($0.0),\($0.1 + $0.2),\($0.1),\($0.2),\($0.0)" }
        try folder.write(
            "step,mean_return,mean_return_near,mean_return_far,seconds\n" + lines.joined(separator: "\n")
                + "\n",
            to: "\(name)/evaluations.csv")
    }

    @Test func `terms of the reward are stacked, as means over the seeds, a panel for each curve`() throws {
        for (name, seed, batch) in [("a", 0, 16), ("b", 1, 16), ("c", 0, 32)] {
            try makeRun(name, seed: seed, batch: batch, [])
        }
        try write(terms: [(100, 1, -4), (200, 3, -2)], to: "a")
        try write(terms: [(100, 2, -6), (200, 5, -2)], to: "b")
        try write(terms: [(100, 9, 1), (400, 9, 2)], to: "c")
        let curves = try json("a", "b", "c", "--rewards")
        #expect(
            curves.map { $0["column"] as? String }
                == [
                    "mean_return_near", "mean_return_far", "mean_return", "mean_return_near",
                    "mean_return_far", "mean_return",
                ])
        func means(_ curve: Int) throws -> [Double?] {
            try #require(curves[curve]["points"] as? [[String: Any]]).map { $0["mean"] as? Double }
        }
        #expect(try means(0) == [1.5, 4] && means(1) == [-5, -2] && means(2) == [-3.5, 2])
        #expect(try means(5) == [10, 11])
        // Two bands and a line in each.
        #expect(try paths("curves.svg") == (2, 4))
        let text = try String(contentsOfFile: folder["curves.svg"], encoding: .utf8)
        #expect(
            text.contains(">pendulum: sac, batch 16<") && text.contains(">near<") && text.contains(">far<"))
        // Both axes of steps end where the longer run does.
        #expect(text.split(separator: ">400<").count == 3)
        try makeRun("old", seed: 3, [(100, 1, 1)])
        expectFailure(
            65, "old: its evaluations.csv has no columns",
            from: try sinew("plot", "old", "--rewards", in: folder))
        expectFailure(
            64, "exclusive", from: try sinew("plot", "a", "--rewards", "--show", "step", in: folder))
    }

    @Test(arguments: [
        ("1,1,1\n1e+19,2,2", 3), ("5e-324,1,1\n1e-323,2,2", 2), ("0x1p1000,1,1\n0x1p1001,2,2", 2),
        ("1,1,1\nnan,2,2", 3), ("1,0x1p3,1", 2), ("1,1,-1", 2), ("1,1,1e300", 2), ("1.5,1,1", 2),
    ])
    func `a row that no run wrote is refused by its number`(rows: String, line: Int) throws {
        try makeRun("a", [])
        try folder.write("step,mean_return,seconds\n\(rows)\n", to: "a/evaluations.csv")
        let outcome = try sinew("plot", "a", in: folder)
        expectFailure(65, "a/evaluations.csv:\(line): ", from: outcome)
    }

    @Test(arguments: [
        "1,1e308,1\n2,-1e308,2\n3,inf,3", "1,5e-324,1\n2,1e-323,2", "1,nan,1\n2,,2\n3,1,3",
        "1,1,5e-324\n2,2,1e-323", "9007199254740991,1,1\n9007199254740992,2,1",
    ])
    func `whatever values a run has, they are drawn or left out`(rows: String) throws {
        for name in ["a", "b"] {
            try makeRun(name, seed: name == "a" ? 0 : 1, [])
            try folder.write("step,mean_return,seconds\n\(rows)\n", to: "\(name)/evaluations.csv")
        }
        for axis in ["steps", "seconds"] {
            for band in ["range", "quartiles"] {
                let outcome = try sinew(
                    "plot", "a", "b", "--against", axis, "--band", band, "--force", in: folder)
                #expect(outcome.code == 0 || outcome.errors.contains("nothing to draw"), "\(outcome.errors)")
            }
        }
    }

    @Test func `what cannot be drawn is said, and no picture is written`() throws {
        let sound = [(100, 1.0, 1.0), (200, 2, 2)]
        try makeRun("a", sound)
        try makeRun("same", sound)
        try makeRun("empty", seed: 1, [])
        try makeRun("damaged", seed: 2, sound)
        let path = folder["damaged/evaluations.csv"]
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try folder.write(text.replacing("200,2.0", with: "200,2.0x"), to: "damaged/evaluations.csv")
        for (code, mentions, arguments) in [
            (66, "absent", ["absent"]), (66, "run.yaml", ["a/checkpoints"]),
            (65, "damaged/evaluations.csv:3: `mean_return` is '2.0x'", ["a", "damaged"]),
            (64, "a and same are runs of the same settings and seed 0", ["a", "same"]),
            (65, "nothing to draw", ["empty"]),
            (64, "mean_retrun", ["a", "--show", "mean_retrun"]),
            (64, ".svg", ["a", "--output", "picture.png"]), (64, "--against", ["a", "--against", "hours"]),
            (66, "no run in runs/", []), (73, "none/x.svg", ["a", "--output", "none/x.svg"]),
        ] as [(Int32, String, [String])] {
            let outcome = try sinew(["plot"] + arguments, in: folder)
            #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.contains(mentions), "\(arguments): \(outcome.errors)")
            #expect(outcome.output.isEmpty && !outcome.errors.contains("Fatal"))
        }
        #expect(!folder.files().keys.contains { $0.hasSuffix(".svg") })
        // One without evaluations yet does not keep the others from being drawn.
        let outcome = try sinew("plot", "a", "empty", in: folder)
        #expect(outcome.code == 0 && outcome.errors.contains("note: empty"))
    }
}
