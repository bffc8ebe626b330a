// SPDX-License-Identifier: MIT

import Geometry
import Testing
import View

/// Messages are wishes only where each word and number is one.
struct WishTests {
    @Test func `what the page says is understood`() {
        #expect(Wish("hold") == .hold && Wish("move") == .move && Wish("step") == .step)
        #expect(Wish("joint 3 -0.25") == .joint(3, -0.25))
        #expect(Wish("height 1.5") == .height(1.5))
        #expect(Wish("action 0 1") == .action(0, 1))
        #expect(Wish("speed 0.25") == .speed(0.25))
        #expect(
            Wish("reset") == .reset(seed: nil) && Wish("reset 18446744073709551615") == .reset(seed: .max))
        #expect(Wish("endless 1") == .endless(true) && Wish("endless 0") == .endless(false))
        #expect(
            Wish("pull 2 1 2 3 4 5 6") == .pull(link: 2, by: Vector3(1, 2, 3), to: Vector3(4, 5, 6)))
        #expect(Wish("release") == .release && Wish("kick 0.5 -1") == .kick(0.5, -1))
        #expect(
            Wish("command 1 0 -0.5") == .command(Vector3(1, 0, -0.5)) && Wish("command free") == .command(nil)
        )
    }

    @Test(arguments: [
        "", " ", "holds", "hold 1", "joint", "joint 1", "joint -1 0", "joint 0.5 0", "joint 1e30 0",
        "joint 0 nan",
        "joint 0 inf", "joint 0 1e7", "joint 0 0 0", "action 0 1.01", "speed 0", "speed -1", "speed 11",
        "reset -1",
        "reset 0.5", "reset 18446744073709551616", "endless 2", "endless", "pull 0 0 0 0",
        "pull -1 0 0 0 0 0 0", "kick 11 0",
        "command", "command 1 2", "command free 1", "command freely", "joint free", "height 1e308",
        "hold\u{0}", "HOLD",
    ])
    func `all else is none`(text: String) { #expect(Wish(text) == nil) }
}
