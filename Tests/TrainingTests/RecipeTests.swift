// SPDX-License-Identifier: MIT

import Agents
import Environments
import Testing
import Training

struct RecipeTests {
    private func recipe(scene: String = "point") -> Recipe {
        Recipe(
            scene: scene, sceneChecksum: "1e5", seed: .max, agent: AgentConfiguration(.sac),
            evaluationInterval: 1000, evaluationEpisodes: 10, version: "0.1.0")
    }

    private func roundTrip(_ recipe: Recipe) throws -> Recipe {
        try Recipe(yaml: recipe.yaml, file: "run.yaml")
    }

    @Test(arguments: [
        "pendulum", "Scenes/päd/ü ö.yaml", "a: b", "- x", "'", "\"quoted\"", "null", "~", "1e3", "true",
        " led",
        "trailing ", "tab\there", "line\nbreak", "#none", "\u{1F916}", #"C:\robots\n"#, "\u{7}", "%", "@",
        "!!int 3",
        "*alias", "&anchor", "{a}", "[b]", "", "---", "...", "\u{2028}", "a\rb", "e\u{301}",
    ])
    func `any scene name comes back from run.yaml`(name: String) throws {
        #expect(try Array(roundTrip(recipe(scene: name)).scene.unicodeScalars) == Array(name.unicodeScalars))
    }

    @Test func `every field comes back`() throws {
        var recipe = recipe()
        #expect(try roundTrip(recipe) == recipe)
        recipe.untilReturn = -0.1
        recipe.startPolicy = "runs/a: b/best.safetensors"
        recipe.commit = "0123456789"
        recipe.evaluationInterval = 1
        try recipe.agent.apply([
            ("hidden", .list([.integer(1), .integer(4096)])), ("temperature", .text("tuned")),
            ("target_entropy", .number(-0.1)), ("learning_rate", .number(1e-7)),
            ("critic_learning_rate", .number(0.1 + 0.2)), ("discount", .integer(1)),
            ("initial_temperature", .number(123_456.789e-10)),
        ])
        #expect(try roundTrip(recipe) == recipe)
        try recipe.agent.apply([("temperature", .text("fixed"))])
        #expect(try roundTrip(recipe) == recipe)
        for wanted in [-1e300, 1e16, .leastNonzeroMagnitude, 0, -180] {
            recipe.untilReturn = wanted
            #expect(try roundTrip(recipe) == recipe)
        }
    }

    @Test func `torques and bins come back, whatever the numbers of the observation are called`() throws {
        var recipe = recipe()
        recipe.agent = AgentConfiguration(.doubleQLearning)
        for torques in [
            .integer(7), .list([.number(-1), .number(0.1 + 0.2)]),
            .list([.list([.integer(0)]), .list([.integer(-1), .integer(1)])]),
        ] as [SettingValue] {
            let names = ["hip.position", "a: {b}", "[1, 2]", "#", "null", "1", "é \" '", "- x", "yes"]
            let bins = names.enumerated().map { index, name in
                SettingValue.Entry(
                    key: name,
                    value: index % 2 == 0
                        ? .integer(3)
                        : .mapping([
                            .init(key: "count", value: .integer(4)),
                            .init(key: "range", value: .list([.number(-1.0 / 3), .integer(2)])),
                        ]))
            }
            try recipe.agent.apply([("torques", torques), ("bins", .mapping(bins))])
            #expect(try roundTrip(recipe) == recipe)
        }
        for algorithm in Algorithm.allCases {
            recipe.agent = AgentConfiguration(algorithm)
            #expect(recipe.agent.algorithm == algorithm)
            #expect(try roundTrip(recipe) == recipe)
        }
    }

    @Test func `every hyperparameter comes back from random values`() throws {
        var random = RandomStream(seed: 1, name: "recipes")
        for _ in 0..<200 {
            var recipe = recipe()
            try recipe.agent.apply([
                ("actor_learning_rate", .number(random.uniform())),
                ("critic_learning_rate", .number(random.uniform() * 1e-12)),
                ("temperature_learning_rate", .number(random.uniform())),
                ("polyak_rate", .number(random.uniform())), ("discount", .number(random.uniform())),
                ("target_entropy", .number(random.uniform(-1000, 1000))),
                ("initial_temperature", .number(1e-6 + random.uniform())),
                ("steps", .integer(1 + random.index(below: 1_000_000))),
                ("warm_up", .integer(random.index(below: 1_000_000))),
            ])
            recipe.seed = random.next()
            #expect(try roundTrip(recipe) == recipe)
        }
    }

    @Test(arguments: [
        ("format: 1", "format: 2"), ("format: 1\n", ""), ("seed: 18446744073709551615", "seed: -1"),
        ("seed: 18446744073709551615", "seed: 18446744073709551616"), ("sac:", "ppo:"),
        ("algorithm: sac", "algorithm: ppo"), ("every: 1000", "every: 0"), ("every: 1000", "every: 1e99"),
        ("every: 1000", "every: 1:1:1:1:1:1:1:1:1:1:1:1:1"), ("episodes: 10", "episodes: -4"),
        ("batch: 256", "batch: 0"), ("batch: 256", "batch: [256]"), ("batch: 256", "bacth: 256"),
        ("batch: 256", "batch: 256\n    batch: 128"), ("discount: 0.99", "discount: nan"),
        ("hidden: [256, 256]", "hidden: []"), ("format: 1", "format: 1\nuntil_return: nan"),
        ("format: 1", "format: 1\nuntil_return: soon"), ("format: 1", "format: ["),
        ("format: 1", "format: 1:1:1:1:1:1:1:1:1:1:1:1:1"), ("format: 1", "format: 1\nuntil_retrun: -200"),
        ("format: 1", "format: 1\nfrom: [a]"), ("format: 1", "format: 1\n[a]: 1"),
    ])
    func `a wrong run.yaml is refused by name`(find: String, replacement: String) throws {
        let yaml = try recipe().yaml
        let text = yaml.replacing(find, with: replacement)
        #expect(text != yaml, "\(find) is not in it")
        let error = #expect(throws: TrainingError.self) { try Recipe(yaml: text, file: "run.yaml") }
        #expect(error?.description.hasPrefix("run.yaml: ") == true)
    }

    @Test func `no damaged run.yaml ends the process`() throws {
        let sound = Array(try recipe(scene: "ü").yaml.utf8)
        let snippets = [
            "[[[[[[[[", "{{{{", "*a", "&a", "!!binary", "1:1:1:1:1:1:1:1:1:1:1:1:1:1", "1e999", "-", ": ",
            "\n\n", "\0", "\"",
            "? ", "---\n", "9999999999999999999999", ".nan", ".inf", "<<: *x", "!!int '1'", "0x", "0o9", "~",
        ].map { Array($0.utf8) }
        var random = RandomStream(seed: 2, name: "damage")
        var (read, refused) = (0, 0)
        for _ in 0..<1500 {
            var bytes = sound
            for _ in 0...random.index(below: 3) {
                let index = random.index(below: bytes.count)
                switch random.index(below: 5) {
                case 0: bytes[index] = UInt8(random.index(below: 256))
                case 1: bytes.removeSubrange(index..<min(bytes.count, index + 1 + random.index(below: 20)))
                case 2: bytes.insert(contentsOf: snippets[random.index(below: snippets.count)], at: index)
                case 3: bytes.removeLast(bytes.count - max(1, index))
                default: bytes.swapAt(index, random.index(below: bytes.count))
                }
            }
            do {
                let recipe = try Recipe(yaml: String(decoding: bytes, as: UTF8.self), file: "run.yaml")
                #expect(recipe.evaluationInterval > 0 && recipe.agent.steps > 0)
                read += 1
            } catch {
                #expect(error.description.hasPrefix("run.yaml: "))
                refused += 1
            }
        }
        #expect(read > 0 && refused > 500)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a run.yaml whose aliases would fill the memory is refused`() throws {
        // Each list holds ten of the one before: 10⁹ values from ten lines.
        var lines =
            ["x0: &x0 [1, 1]"]
            + (1...9).map { level in
                "x\(level): &x\(level) ["
                    + Array(repeating: "*x\(level - 1)", count: 10).joined(separator: ", ") + "]"
            }
        lines = lines.map { "    " + $0 }
        let yaml = try recipe().yaml.replacing(
            "hidden: [256, 256]", with: "hidden: *x9\n" + lines.joined(separator: "\n"))
        let early = try recipe().yaml.replacing(
            "    hidden: [256, 256]", with: lines.joined(separator: "\n") + "\n    hidden: *x9")
        for text in [yaml, early] {
            #expect(throws: TrainingError.self) { try Recipe(yaml: text, file: "run.yaml") }
        }
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func `a run.yaml of nothing but nesting is refused`(opening: String) {
        for count in [1000, 100_000] {
            let text = String(repeating: opening, count: count)
            #expect(throws: TrainingError.self) { try Recipe(yaml: text, file: "run.yaml") }
        }
    }
}
