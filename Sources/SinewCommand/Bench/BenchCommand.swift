// SPDX-License-Identifier: MIT

import ArgumentParser
import Foundation

/// One measured figure with the parameters it was measured at: a row of the table, an object of the JSON.
struct BenchFigure: Encodable {
    var name: String
    var scene: String?
    var observations: Int?
    var actions: Int?
    var width: Int?
    var batch: Int?
    var threads: Int?
    var updatesPerSecond: Double?
    var stepsPerSecond: Double?
    var timeStep: Double?
    var usPerStep: Double?
    var calls: Int?
    var medianUs: Double?
    var p999Us: Double?
    var isa: String?
    var fmaPeakGflops: Double?
    var cores: Int?

    /// What it was measured at, as a person reads it.
    fileprivate var parameters: String {
        let sizes = [
            observations.map { "\($0) observations" }, actions.map { "\($0) actions" },
            width.map { "width \($0)" },
            batch.map { "batch \($0)" }, threads.map { counted($0, "thread") },
        ]
        return ([scene, isa] + sizes).compactMap { $0 }.joined(separator: ", ")
    }

    /// The measured numbers with their units.
    fileprivate var values: String {
        func whole(_ value: Double) -> String { String(format: "%.0f", value) }
        var values: [String] = []
        if let updatesPerSecond { values.append(String(format: "%.1f updates/s", updatesPerSecond)) }
        if let stepsPerSecond { values.append("\(whole(stepsPerSecond)) steps/s") }
        if let usPerStep { values.append(String(format: "%.2f us/step", usPerStep)) }
        if let medianUs, let p999Us {
            values.append(String(format: "median %.2f us, 99.9 %% within %.2f us", medianUs, p999Us))
        }
        if let fmaPeakGflops { values.append(String(format: "%.0f GFLOP/s a core", fmaPeakGflops)) }
        if let cores { values.append(counted(cores, "core")) }
        return values.joined(separator: ", ")
    }

    /// Prints rows with their columns one under the other.
    static func printTable(_ figures: [BenchFigure]) {
        let rows = figures.map { [$0.name, $0.parameters, $0.values] }
        print(Layout.table(rows, indent: 0), terminator: "")
    }
}

struct BenchCommand: ParsableCommand {
    /// What can be measured, in the order in which it is.
    enum Name: String, CaseIterable, ExpressibleByArgument {
        case machine
        case sacUpdate = "sac-update"
        case trainStep = "train-step"
        case environment, physics, policy
    }

    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure how fast Sinew is on this machine (all of it: under a minute).",
        usage: "sinew bench [<name>] [<options>]",
        discussion: """
            Each figure is the best of several rounds, since other work on the machine only slows things down. Without options \
            the usual sizes and all scenes are measured.

              sac-update    updates of soft actor-critic, on random mini-batches
              train-step    whole training steps: simulation, replay, update; no evaluation
              environment   control steps with random actions and resets on one core
              physics       physics steps alone with random actions, on one core
              policy        time of one action by the C runtime
              machine       instruction set, and the peak of multiply-adds of one core
            """)

    @Argument(help: "What to measure (default: all).")
    var name: Name?
    @Option(help: "Numbers of an observation (sac-update, policy).", transform: whole(1...4096))
    var observations: Int?
    @Option(help: "Numbers of an action (sac-update, policy).", transform: whole(1...1024))
    var actions: Int?
    @Option(
        help: "Width of the two hidden layers (sac-update, train-step, policy).", transform: whole(1...4096))
    var width: Int?
    @Option(help: "Transitions of a mini-batch (sac-update, train-step).", transform: whole(1...65_536))
    var batch: Int?
    @Option(help: "Threads, 1 to 16 (sac-update, train-step).", transform: whole(1...16))
    var threads: Int?
    @Option(help: "The scene, by name or path (train-step, environment, physics).", completion: .scenes)
    var scene: String?
    @Option(
        name: .customLong("set"), help: "Set any key of the scene, such as physics.time_step=0.001 (physics)."
    )
    var settings: [String] = []
    @Option(
        help: "About how many seconds to measure for each figure.",
        transform: number("a number of seconds, above 0 and at most 600") { $0 > 0 && $0 <= 600 })
    var seconds = 2.0
    @Flag(help: "Print one JSON document, and nothing else, on standard output.")
    var json = false

    func validate() throws {
        guard let name else {
            let hasSizes = [observations, actions, width, batch, threads].contains { $0 != nil }
            if hasSizes || scene != nil || !settings.isEmpty {
                throw ValidationError(
                    "sizes, --threads, --scene and --set need the name of what to measure, such as: sinew bench sac-update"
                )
            }
            return
        }
        let given: [(String, Bool, Set<Name>)] = [
            ("observations", observations != nil, [.sacUpdate, .policy]),
            ("actions", actions != nil, [.sacUpdate, .policy]),
            ("width", width != nil, [.sacUpdate, .trainStep, .policy]),
            ("batch", batch != nil, [.sacUpdate, .trainStep]),
            ("threads", threads != nil, [.sacUpdate, .trainStep]),
            ("scene", scene != nil, [.trainStep, .environment, .physics]),
            ("set", !settings.isEmpty, [.physics]),
        ]
        for (flag, isGiven, names) in given where isGiven && !names.contains(name) {
            let owners = Name.allCases.filter(names.contains).map(\.rawValue)
            throw ValidationError(
                "--\(flag) does not apply to \(name.rawValue); it goes with \(owners.joined(separator: ", "))"
            )
        }
    }

    func run() throws {
        var figures: [BenchFigure] = []
        for name in name.map({ [$0] }) ?? Name.allCases {
            if !json { printError("measuring \(name.rawValue)") }
            switch name {
            case .machine: figures.append(Self.measureMachine(seconds: seconds))
            case .sacUpdate: figures += try measureUpdates()
            case .trainStep: figures += try measureTraining()
            case .environment: figures += try measureEnvironments()
            case .physics: figures += try measurePhysics()
            case .policy: figures += try measurePolicies()
            }
        }
        if json {
            try printJSON(figures)
        } else {
            BenchFigure.printTable(figures)
        }
    }
}
