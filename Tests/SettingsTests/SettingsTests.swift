// SPDX-License-Identifier: MIT

import Settings
import Testing

struct DecodingTests {
    @Test func `a file that says nothing gives the defaults`() throws {
        #expect(try Oven.read("{}") == Oven())
    }

    @Test func `every kind of key is read`() throws {
        let oven = try Oven.read(
            """
            degrees: 2e2
            minutes: 1e3
            fuel: wood
            name: big one
            window: [-1, 2.5]
            sizes: [20, 1_0]
            rack: {height: .5, trays: 3}
            dishes:
              - {dish: bread, salt: 0.5, weight: -1}
              - dish: pie
                layers: 2
            """)
        #expect(oven.degrees == 200 && oven.minutes == 1000 && oven.fuel == .wood && oven.name == "big one")
        #expect(
            oven.window == -1...2.5 && oven.sizes == [20, 10] && oven.rack == .init(height: 0.5, trays: 3))
        #expect(oven.dishes == [.init(kind: .bread(salt: 0.5), weight: -1), .init(kind: .pie(layers: 2))])
    }

    @Test func `what is written reads back the same`() throws {
        var oven = Oven(
            degrees: 99.5, minutes: 7, fuel: .wood, name: "yes", window: 0...1, sizes: [3, 4],
            rack: .init(height: 2, trays: 1), dishes: [.init(kind: .pie(layers: 4), weight: 3)])
        oven.name = "\u{202E}\"no\": # 12"
        let text = Setting(encoding: oven).yaml
        #expect(try Oven.read(text) == oven)
        #expect(text.unicodeScalars.allSatisfy { $0.value < 0x80 }, "a bidi mark stands bare in \(text)")
    }

    @Test(
        arguments: [
            ("minutes: 1.5", "1.5 is not a whole number from 1 to 1000000"),
            ("minutes: '12'", "'12' is not a whole number"),
            ("minutes: 0x10", "'0x10' is not a whole number"),
            ("minutes: 1__0", "'1__0' is not"), ("minutes: 1e3000", "'1e3000' is not"),
            ("degrees: .inf", "'.inf' is not a finite number greater than 0 and at most 300"),
            ("degrees: 301", "301 is not"), ("fuel: wod", "did you mean 'wood'?"),
            ("fan: yes", "'yes' is not true or false"), ("sizes: [3, 3]", "3 is named twice"),
            ("sizes: []", "a list of 0 is not a list"),
            ("window: [2, 1]", "2.0 must not be above 1.0; write [low, high]"),
            ("degree: 20", "oven.yaml:1: degree: unknown key; did you mean 'degrees'?"),
            ("rack: {trays: 3}", "rack.height: is missing"),
            ("rack: {heigth: 3}", "did you mean 'height'?"),
            ("rack: 3", "3 is not a mapping with the keys height, trays"),
            ("dishes: [{dish: brad}]", "dishes[0].dish: there is no dish 'brad'; did you mean 'bread'?"),
            ("dishes: [{dish: loaf}]", "here it is called 'bread'"),
            ("dishes: [{salt: 1}]", "dishes[0].dish: is missing; allowed: bread, pie"),
            ("dishes: [{dish: pie}]", "dishes[0].layers: is missing"),
            ("dishes: [{dish: pie, layers: 2, salt: 1}]", "dishes[0].salt: unknown key"),
            ("fuel: wood\nfan: true", "oven.yaml:2: fan: wood needs no fan; leave it out"),
        ])
    func `what is wrong is said with its place and remedy`(_ yaml: String, _ words: String) {
        let complaint = Oven.complaint(yaml)
        #expect(complaint.contains(words), "\(complaint)")
    }

    @Test func `a misspelt key that is required is one mistake`() {
        #expect(!Oven.complaint("rack: {heigth: 3}").contains("is missing"))
    }

    @Test func `all mistakes of a file are told at once`() {
        #expect(Oven.complaint("minutes: x\ndegrees: y\nfuel: z").split(separator: "\n").count == 3)
    }
}

struct ScalarTests {
    @Test(arguments: ["1e5", "100000", "100_000", "1.0e5", "+100000", "10_0000.0"])
    func `one rule makes whole numbers`(_ text: String) {
        #expect(Scalar(text, isQuoted: false).whole(Int.self) == 100_000)
        #expect(Scalar(text, isQuoted: true).whole(Int.self) == nil)
    }

    @Test func `the widest seeds are exact`() {
        #expect(Scalar("18446744073709551615", isQuoted: false).whole(UInt64.self) == .max)
        #expect(Scalar("18446744073709551616", isQuoted: false).whole(UInt64.self) == nil)
        #expect(Scalar("-1", isQuoted: false).whole(UInt64.self) == nil)
    }

    @Test(arguments: [0.1, 1e-300, -0.0, 12, 1e22, .leastNonzeroMagnitude, .greatestFiniteMagnitude])
    func `numbers are written with the digits that read back`(_ number: Double) {
        #expect(Scalar.number(Scalar.digits(of: number))?.bitPattern == number.bitPattern)
    }

    @Test(arguments: ["nan", "inf", "0x1p3", "1 2", "", "_1", "1_", "1e", "٣", "1,5"])
    func `words are no numbers`(_ text: String) { #expect(Scalar.number(text) == nil) }
}

struct OverrideTests {
    private static let yaml = """
        minutes: 5
        dishes: [{dish: bread}, {dish: pie, layers: 2}]
        """

    @Test func `keys, terms and numbers of items lead to a value`() throws {
        let oven = try Oven.read(
            Self.yaml,
            [
                "minutes=2e1", "dishes.pie.weight=7", "dishes[0].salt=0.25", "rack.trays=4", "rack.height=1",
                "sizes=[1, 2]",
            ])
        #expect(oven.minutes == 20 && oven.rack == .init(height: 1, trays: 4) && oven.sizes == [1, 2])
        #expect(oven.dishes == [.init(kind: .bread(salt: 0.25)), .init(kind: .pie(layers: 2), weight: 7)])
    }

    @Test func `keys of the block that is named may stand first`() throws {
        #expect(try Oven.read("rack: {height: 1}", ["trays=9"]).rack.trays == 9)
    }

    @Test(
        arguments: [
            ("minute=3", "--set minute=3: there is no key 'minute'; did you mean 'minutes'?"),
            ("dishes.cake.weight=1", "the list has no dish 'cake'"),
            ("dishes.pie.weigt=1", "there is no key 'weigt' in 'dishes[1]'; did you mean 'weight'?"),
            ("dishes[2].weight=1", "the list has no dish '2'"), ("minutes.x=3", "'minutes' has no keys"),
            ("minutes", "write it as KEY=VALUE"), ("=3", "write it as KEY=VALUE"),
            ("minutes=[1", "this is not YAML"), ("minutes=0", "--set minutes=0: minutes: 0 is not a whole"),
        ])
    func `a path that leads nowhere is refused`(_ text: String, _ words: String) {
        let complaint = Oven.complaint(Self.yaml, [text])
        #expect(complaint.contains(words), "\(complaint)")
    }

    @Test func `a name that two items have needs a number`() {
        let complaint = Oven.complaint("dishes: [{dish: bread}, {dish: bread}]", ["dishes.bread.weight=1"])
        #expect(complaint.contains("[0] or [1]"), "\(complaint)")
    }
}

struct DifferenceTests {
    private func tree(_ yaml: String) throws -> Setting { try Setting(yaml: Array(yaml.utf8), file: "a") }

    @Test func `comments, quotes, order and ways to write a number make no difference`() throws {
        let old = try tree("a: 1\nb: [x, 'y']\nc: {d: 2e1}\n")
        let new = try tree("# new\nc: {d: 20}\n\nb: ['x', y] # here\na: 1.0\n")
        #expect(new.differences(from: old).isEmpty)
    }

    @Test func `what changed is named key by key`() throws {
        let old = try tree("a: 1\nb: {c: 2, d: 3}\nl: [1, {e: 1}]")
        let new = try tree("b: {c: 4, f: 5}\nl: [1, {e: 2}]")
        #expect(
            new.differences(from: old).map(\.description) == [
                "b.c: 2 became 4", "b.f: 5 was added", "b.d: 3 was removed", "l[1].e: 1 became 2",
                "a: 1 was removed",
            ])
    }
}
