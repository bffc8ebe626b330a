// SPDX-License-Identifier: MIT

import Agents
import Testing

struct ActionGridTests {
    private func action(_ grid: ActionGrid, _ choice: Int) -> [Float] {
        var action = [Float](repeating: .nan, count: grid.actionCount)
        var span = action.mutableSpan
        grid.write(choice, into: &span)
        return action
    }

    @Test func `torques stand evenly from -1 to 1, and the last element turns fastest`() throws {
        let five = try ActionGrid(.even(5), actionCount: 1)
        #expect(five.actions == [-1, -0.5, 0, 0.5, 1])
        let grid = try ActionGrid(.each([[-1, 1], [-0.5, 0, 0.25]]), actionCount: 2)
        #expect(grid.count == 6)
        #expect(
            (0..<6).map { action(grid, $0) } == [
                [-1, -0.5], [-1, 0], [-1, 0.25], [1, -0.5], [1, 0], [1, 0.25],
            ])
        #expect(grid.actions == (0..<6).flatMap { action(grid, $0) })
        let same = try ActionGrid(.same([0.25, -1]), actionCount: 2)
        #expect(same.actions == [0.25, 0.25, 0.25, -1, -1, 0.25, -1, -1])
    }

    @Test func `each action is nearest to its own choice`() throws {
        let grid = try ActionGrid(.each([[-1, -0.2, 1], [0, 0.5], [-0.5, 0.5, 0.75, -1]]), actionCount: 3)
        #expect(grid.count == 24)
        for choice in 0..<24 {
            #expect(grid.choice(nearest: action(grid, choice).span) == choice)
            let near = action(grid, choice).map { $0 + 0.1 }
            #expect(grid.choice(nearest: near.span) == choice)
        }
    }

    @Test func `a grid has at most 1024 combinations, however many there would be`() throws {
        #expect(try ActionGrid(.even(32), actionCount: 2).count == 1024)
        #expect(try ActionGrid(.even(2), actionCount: 10).count == 1024)
        #expect(throws: GridError.tooMany(1089, elements: 2)) {
            _ = try ActionGrid(.even(33), actionCount: 2)
        }
        #expect(throws: GridError.tooMany(2048, elements: 11)) {
            _ = try ActionGrid(.even(2), actionCount: 11)
        }
        // 1024^64 overflows every integer.
        #expect(throws: GridError.self) { _ = try ActionGrid(.even(1024), actionCount: 64) }
        #expect(throws: GridError.lists(2, elements: 3)) {
            _ = try ActionGrid(.each([[0], [1]]), actionCount: 3)
        }
    }

    @Test func `the error says how many there would be and what would fit`() {
        #expect(
            GridError.tooMany(15_625, elements: 6).allowed
                == "at most 1024 combinations over the 6 actuators; these would be 15625, 3 torques for each would fit"
        )
        #expect(GridError.tooMany(1e6, elements: 2).allowed.hasSuffix("32 torques for each would fit"))
        #expect(GridError.tooMany(2048, elements: 11).allowed.contains("sac"))
        #expect(GridError.tooMany(.infinity, elements: 640).allowed.contains("these would be inf"))
    }
}

struct EpsilonScheduleTests {
    @Test func `epsilon falls in a straight line, and stays`() {
        let schedule = EpsilonSchedule(start: 0.9, end: 0.1, steps: 8)
        #expect(schedule.value(at: 0) == 0.9)
        #expect(abs(schedule.value(at: 2) - 0.7) < 1e-15)
        #expect(abs(schedule.value(at: 7) - 0.2) < 1e-15)
        #expect(schedule.value(at: 8) == 0.1)
        #expect(schedule.value(at: .max) == 0.1)
        #expect(EpsilonSchedule(start: 0.5, end: 0.25, steps: 0).value(at: 0) == 0.25)
    }
}
