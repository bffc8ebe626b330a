// SPDX-License-Identifier: MIT

internal import Drawing
internal import Foundation
internal import Geometry
internal import Scenes
internal import Settings

/// What those who look share: one simulation, on a thread of its own, in real time.
///
/// The thread sleeps until the next step or wish is due; while nobody looks it sleeps until somebody comes, and the simulation rests.
package final class LiveScene: Attraction, @unchecked Sendable {
    // Sendable: what follows the lock is used under it, and what follows the simulation by its thread alone.
    private let lock = NSCondition()
    private var onlookers: [Onlooker] = []
    private var newcomers: [Onlooker] = []
    private var wishes: [Wish] = []
    private var notes: [String] = []
    private var reading: Reading?
    private var isEnded = false

    private let exhibit: Exhibit
    private let simulation: LiveSimulation
    private var clock = StepClock()
    /// What reads the run's logs; nil where there is no run, and while it reads.
    private var curves: RunCurves?
    private var nextCurves = 0.0
    private var lastCurves: String?
    private var lastState = ""
    private var lastNote: String?
    /// Where the ground is seen around, where it is uneven.
    private var groundCentre: Vector3?
    /// Whether something is to be seen that was not shown yet, and when the next picture is due at the earliest.
    private var (isStale, nextFrame) = (false, 0.0)
    /// When an episode that ended begins again.
    private var restart: Double?

    /// The most wishes that wait: a page that says more is not heard until they are done.
    private static let mostWishes = 256
    /// How far apart pictures are, s.
    private static let framePeriod = 1.0 / 60
    /// How long steps are done at a stretch, s.
    private static let mostWork = 1.0 / 30
    /// How long the end of an episode is seen, s.
    private static let pause = 1.2
    /// How far the base goes before the ground is told anew, m.
    private static let groundStep = 6.0

    /// Brings what is shown to life.
    ///
    /// - Throws: where the scene cannot be simulated.
    package init(_ exhibit: Exhibit) throws {
        self.exhibit = exhibit
        simulation = try LiveSimulation(exhibit)
        curves = exhibit.run.map { RunCurves($0.folder, total: $0.steps) }
    }

    // MARK: From other threads

    package func enter(_ onlooker: Onlooker) { change { newcomers.append(onlooker) } }

    package func leave(_ onlooker: Onlooker) {
        change {
            onlookers.removeAll { $0 === onlooker }
            newcomers.removeAll { $0 === onlooker }
            // A hand that has gone lets go; one of another page that pulls says so anew with its next picture.
            wishes.append(.release)
        }
    }

    package func hear(_ text: String) {
        guard let wish = Wish(text) else { return }
        change {
            // A drag says the same thing anew many times in a second: only the last word of it counts.
            if let last = wishes.last, last.isReplaced(by: wish) { wishes.removeLast() }
            if wishes.count < Self.mostWishes { wishes.append(wish) }
        }
    }

    /// Says something to all who look, now and later.
    package func say(_ note: String) { change { notes = [note] } }

    /// Whether anybody looks.
    package var isSeen: Bool {
        lock.lock()
        defer { lock.unlock() }
        return !onlookers.isEmpty || !newcomers.isEmpty
    }

    /// The page that shows it.
    package static var page: String { LivePage.html }

    /// Ends the thread.
    package func end() { change { isEnded = true } }

    private func change(_ body: () -> Void) {
        lock.lock()
        defer { lock.unlock() }
        body()
        lock.signal()
    }

    // MARK: The thread

    /// Begins, on a thread of its own.
    package func start() {
        let thread = Thread { [self] in
            while let heard = wait() { go(on: heard) }
        }
        thread.stackSize = 1 << 23
        thread.start()
    }

    /// What reading a run's logs came to: who read, what is new there, and how long it took, s.
    private typealias Reading = (curves: RunCurves, news: String?, seconds: Double)

    private typealias Heard = (
        newcomers: [Onlooker], onlookers: [Onlooker], wishes: [Wish], note: String?, reading: Reading?
    )

    /// Sleeps until something is due or somebody says something; nil at the end.
    private func wait() -> Heard? {
        lock.lock()
        defer { lock.unlock() }
        let due = nextDue
        while !isEnded, newcomers.isEmpty, wishes.isEmpty, notes.isEmpty, reading == nil {
            if onlookers.isEmpty {
                lock.wait()
                clock.forget()
            } else if !lock.wait(until: Date(timeIntervalSinceNow: max(0, due - StepClock.now))) {
                break
            }
        }
        guard !isEnded else { return nil }
        let heard = (newcomers, onlookers + newcomers, wishes, notes.last, reading)
        onlookers += newcomers
        (newcomers, wishes, notes, reading) = ([], [], [], nil)
        return heard
    }

    private var nextDue: Double {
        var due = StepClock.now + 1
        if let restart { due = min(due, restart) }
        if isStale { due = min(due, nextFrame) }
        if simulation.goesOn, !clock.isPaused { due = min(due, clock.due) }
        return due
    }

    private func go(on heard: Heard) {
        for wish in heard.wishes { obey(wish) }
        for onlooker in heard.newcomers { greet(onlooker) }
        if !heard.wishes.isEmpty || !heard.newcomers.isEmpty { isStale = true }
        if !clock.isPaused, simulation.goesOn {
            let (count, end) = (clock.takeSteps(of: simulation.period), StepClock.now + Self.mostWork)
            for done in 0..<count where simulation.goesOn {
                // Pictures and wishes do not wait for steps that take longer than there is time for them.
                if done > 0, StepClock.now > end { break }
                simulation.step()
                isStale = true
            }
        }
        startAgain()
        follow(heard)
        show(heard.onlookers)
        tellState(heard)
    }

    /// Shows what is new, no more often than pictures are wanted.
    private func show(_ onlookers: [Onlooker]) {
        let now = StepClock.now
        guard isStale, now >= nextFrame else { return }
        (isStale, nextFrame) = (false, now + Self.framePeriod)
        let moment = simulation.moment
        tellGround(around: moment.frame.links.first?.position, onlookers)
        let bytes = moment.bytes
        for onlooker in onlookers { onlooker.show(bytes) }
    }

    private func obey(_ wish: Wish) {
        switch wish {
        case .pause: clock.pause()
        case .play: clock.play()
        case .speed(let speed): clock.speed = speed
        case .step:
            clock.pause()
            simulation.step()
        default: simulation.obey(wish)
        }
        if case .reset = wish { restart = nil }
    }

    /// Lets an episode that has ended begin again after a while; one that diverged waits for a wish.
    private func startAgain() {
        let isOver = simulation.isMoving && !simulation.goesOn && simulation.problem == nil
        guard isOver, !clock.isPaused else { return restart = nil }
        let now = StepClock.now
        if simulation.end == .open {
            // No policy is there yet: it is looked for now and then.
            if simulation.takeNewest() {
                simulation.restart()
                isStale = true
            }
        } else if let due = restart {
            guard now >= due else { return }
            restart = nil
            simulation.restart()
            isStale = true
        } else {
            restart = now + Self.pause
        }
    }

    // MARK: What is told

    private func greet(_ onlooker: Onlooker) {
        let moment = simulation.moment
        let place = moment.frame.links.first?.position ?? .zero
        if groundCentre == nil { groundCentre = place }
        onlooker.tell("scene", exhibit.hello(around: groundCentre ?? place, height: simulation.startHeight))
        onlooker.tell("state", state)
        if let note = lastNote { onlooker.tell("note", note) }
        if let lastCurves { onlooker.tell("curves", lastCurves) }
    }

    private func tellState(_ heard: Heard) {
        if let note = heard.note {
            let text = JSONValue.object([("kind", .text("note")), ("text", .text(note))]).json
            lastNote = text
            for onlooker in heard.onlookers { onlooker.tell("note", text) }
        }
        let state = state
        guard state != lastState else { return }
        lastState = state
        for onlooker in heard.onlookers { onlooker.tell("state", state) }
    }

    private var state: String { simulation.state(at: clock) }

    private func tellGround(around place: Vector3?, _ onlookers: [Onlooker]) {
        guard let terrain = exhibit.look.terrain, let place, let centre = groundCentre else { return }
        let way = place - centre
        guard max(abs(way.x), abs(way.y)) > Self.groundStep else { return }
        groundCentre = place
        let text = LivePage.ground(terrain, around: place)
        for onlooker in onlookers { onlooker.tell("ground", text) }
    }

    /// Tells what a run has logged, now and then: seldom where reading takes long.
    ///
    /// Another thread reads it: logs of many episodes take seconds, for which pictures do not wait.
    private func follow(_ heard: Heard) {
        if let reading = heard.reading {
            curves = reading.curves
            nextCurves = StepClock.now + max(1, 20 * reading.seconds)
            if let news = reading.news {
                lastCurves = news
                for onlooker in heard.onlookers { onlooker.tell("curves", news) }
            }
        }
        guard StepClock.now >= nextCurves, let idle = curves else { return }
        curves = nil
        let thread = Thread { [self] in
            let start = StepClock.now
            var curves = idle
            let news = curves.news()
            change { reading = (curves, news, StepClock.now - start) }
        }
        thread.stackSize = 1 << 23
        thread.start()
    }
}

extension Wish {
    /// Whether a later wish says all that this one does.
    fileprivate func isReplaced(by next: Wish) -> Bool {
        switch (self, next) {
        case (.joint(let index, _), .joint(let other, _)), (.action(let index, _), .action(let other, _)):
            index == other
        case (.pull, .pull), (.height, .height), (.command, .command), (.speed, .speed): true
        default: false
        }
    }
}
