// SPDX-License-Identifier: MIT

import Testing
import View

/// Steps are due as the world's time goes, times the speed, and nothing is made up for after a pause.
struct StepClockTests {
    /// The steps of 20 ms that a clock gives when it is asked each `beat` seconds, over two seconds.
    private func steps(speed: Double, beat: Double, period: Double = 0.02) -> Int {
        var clock = StepClock()
        clock.speed = speed
        return stride(from: 0.0, to: 2, by: beat).reduce(0) { $0 + clock.takeSteps(of: period, at: 100 + $1) }
    }

    @Test func `steps keep to the time, whatever the beat`() {
        for beat in [0.001, 0.0167, 0.02, 0.05] {
            #expect(abs(steps(speed: 1, beat: beat) - 100) <= 3)
            #expect(abs(steps(speed: 0.25, beat: beat) - 25) <= 2)
            #expect(abs(steps(speed: 4, beat: beat) - 400) <= 12)
        }
        #expect(abs(steps(speed: 1, beat: 0.0167, period: 0.002) - 1000) <= 10)
        #expect(abs(steps(speed: 0.1, beat: 0.0167, period: 0.1) - 2) <= 1)
    }

    @Test func `a pause is not made up for`() {
        var clock = StepClock()
        _ = clock.takeSteps(of: 0.02, at: 10)
        #expect(clock.takeSteps(of: 0.02, at: 70) <= 5)
        #expect(clock.takeSteps(of: 0.02, at: 70.02) == 1)
        clock.pause()
        #expect(clock.isPaused)
        clock.play()
        #expect(clock.takeSteps(of: 0.02, at: 100) == 1)
    }

    @Test func `it is not looked at more often than there are pictures`() {
        var clock = StepClock()
        for index in 0..<50 {
            let now = 5 + 0.0167 * Double(index)
            _ = clock.takeSteps(of: 0.002, at: now)
            #expect(clock.due >= now + 1.0 / 61)
        }
        _ = clock.takeSteps(of: 0.2, at: 6)
        #expect(clock.due > 6.1)
    }
}
