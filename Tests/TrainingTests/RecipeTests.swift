// SPDX-License-Identifier: MIT

import Agents
import Environments
import Settings
import Testing
import Training

struct RecipeTests {
    private func recipe(scene: String = "point") -> Recipe {
        var recipe = Recipe(scene: scene, agent: AgentConfiguration(.sac), seed: .max)
        (recipe.sceneChecksum, recipe.version) = ("1e5", "0.1.0")
        recipe.evaluation = EvaluationPlan(every: 1000, episodes: 10)
        return recipe
    }

    private func roundTrip(_ recipe: Recipe) throws -> Recipe {
        try Recipe(yaml: recipe.yaml, file: "run.yaml")
    }

    @Test(arguments: [
        "pendulum", "Scenes/päd/ü ö.yaml", "a: b", "- x", "'", "\"quoted\"", "null", "~", "1e3", "true",
        " led",
        "trailing ", "tab\there", "line\nbreak", "#none", "\u{1F916}", #"C:\robots\n"#, "\u{7}", "%", "@",
        "!!int 3",
        "*alias", "&anchor", "{a}", "[b]", "---", "...", "a\u{2028}b", "a\rb", "e\u{301}",
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
        recipe.evaluation.every = 1
        (recipe.sceneCopy, recipe.robotCopy) = ("scene/a b.yaml", "scene/ü.urdf")
        recipe.overrides = ["physics.substeps=8", "reward.alive={weight: 2}"]
        try recipe.agent.apply([
            "hidden: [1, 4096]", "temperature: tuned", "target_entropy: -0.1", "learning_rate: 1e-7",
            "critic_learning_rate: \(0.1 + 0.2)", "discount: 1", "initial_temperature: 123456.789e-10",
        ])
        #expect(try roundTrip(recipe) == recipe)
        try recipe.agent.apply(["temperature: fixed", "target_entropy: auto"])
        #expect(try roundTrip(recipe) == recipe)
        for wanted in [-1e300, 1e16, .leastNonzeroMagnitude, 0, -180] {
            recipe.untilReturn = wanted
            #expect(try roundTrip(recipe) == recipe)
        }
    }

    @Test func `torques and bins come back, whatever the numbers of the observation are called`() throws {
        var recipe = recipe()
        recipe.agent = AgentConfiguration(.doubleQLearning)
        for torques in ["7", "[-1, \(0.1 + 0.2)]", "[[0], [-1, 1]]"] {
            let names = ["hip.position", "a: {b}", "[1, 2]", "#", "null", "1", "é \" '", "- x", "yes"]
            let bins = names.enumerated().map { index, name in
                "'\(name.replacing("'", with: "''"))': "
                    + (index % 2 == 0 ? "3" : "{count: 4, range: [\(-1.0 / 3), 2]}")
            }
            try recipe.agent.apply(["torques: \(torques)", "bins: {\(bins.joined(separator: ", "))}"])
            #expect(try roundTrip(recipe) == recipe)
        }
        for algorithm in Algorithm.all {
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
                "actor_learning_rate: \(random.uniform())",
                "critic_learning_rate: \(random.uniform() * 1e-12)",
                "temperature_learning_rate: \(random.uniform())",
                "polyak_rate: \(random.uniform())", "discount: \(random.uniform())",
                "target_entropy: \(random.uniform(-1000, 1000))",
                "initial_temperature: \(1e-6 + random.uniform())",
                "steps: \(1 + random.index(below: 1_000_000))",
                "warm_up: \(random.index(below: 1_000_000))",
            ])
            recipe.seed = random.next()
            #expect(try roundTrip(recipe) == recipe)
        }
    }

    @Test(arguments: [
        ("format: 2", "format: 3"), ("format: 2\n", ""), ("seed: 18446744073709551615", "seed: -1"),
        ("seed: 18446744073709551615", "seed: 18446744073709551616"), ("sac:", "ppo:"),
        ("algorithm: sac", "algorithm: ppo"), ("every: 1000", "every: 0"), ("every: 1000", "every: 1e99"),
        ("every: 1000", "every: 1:1:1:1:1:1:1:1:1:1:1:1:1"), ("episodes: 10", "episodes: -4"),
        ("batch: 256", "batch: 0"), ("batch: 256", "batch: [256]"), ("batch: 256", "bacth: 256"),
        ("batch: 256", "batch: 256\n    batch: 128"), ("discount: 0.99", "discount: nan"),
        ("hidden: [256, 256]", "hidden: []"), ("format: 2", "format: 2\nuntil_return: nan"),
        ("format: 2", "format: 2\nuntil_return: soon"), ("format: 2", "format: ["),
        ("format: 2", "format: 2:1:1:1:1:1:1:1:1:1:1:1:1"), ("format: 2", "format: 2\nuntil_retrun: -200"),
        ("format: 2", "format: 2\nfrom: [a]"), ("format: 2", "format: 2\n[a]: 1"),
    ])
    func `a wrong run.yaml is refused by name`(find: String, replacement: String) throws {
        let yaml = recipe().yaml.replacing(/checksum: .*/, with: "checksum: edited")
        let text = yaml.replacing(find, with: replacement)
        #expect(text != yaml, "\(find) is not in it")
        let error = #expect(throws: DescriptionError.self) { try Recipe(yaml: text, file: "run.yaml") }
        #expect(error?.description.hasPrefix("run.yaml:") == true)
    }

    @Test func `a run.yaml that was cut off anywhere is refused, and so is one with another digit`() throws {
        let yaml = Array(recipe().yaml.utf8)
        // Without the end of its last line it still says all.
        for count in 0..<yaml.count - 1 {
            let text = String(decoding: yaml.prefix(count), as: UTF8.self)
            #expect(throws: DescriptionError.self, "\(count) bytes") {
                try Recipe(yaml: text, file: "run.yaml")
            }
        }
        for (index, byte) in yaml.enumerated() where (0x30...0x39).contains(byte) {
            var changed = yaml
            changed[index] = byte == 0x39 ? 0x38 : byte + 1
            let text = String(decoding: changed, as: UTF8.self)
            #expect(throws: DescriptionError.self, "\(text)") { try Recipe(yaml: text, file: "run.yaml") }
        }
    }

    @Test func `comments and the order of keys are no edits, and an edit on purpose says so`() throws {
        let yaml = recipe().yaml
        var lines = yaml.split(separator: "\n")
        lines.swapAt(0, 1)
        let other = "# mine\n" + lines.joined(separator: "\n")
        #expect(try Recipe(yaml: other, file: "run.yaml") == recipe())
        let edited = yaml.replacing("batch: 256", with: "batch: 255")
        let error = #expect(throws: DescriptionError.self) { try Recipe(yaml: edited, file: "run.yaml") }
        #expect(error?.description.contains("checksum: edited") == true)
        let said = edited.replacing(/checksum: .*/, with: "checksum: edited")
        #expect(try Recipe(yaml: said, file: "run.yaml") != recipe())
        // Version 1 wrote no checksum.
        let first = yaml.replacing(/\nchecksum: .*\n/, with: "\n").replacing("format: 2", with: "format: 1")
        #expect(try Recipe(yaml: first, file: "run.yaml").format == 1)
    }

    @Test func `no damaged run.yaml ends the process`() throws {
        let sound = Array(recipe(scene: "ü").yaml.replacing(/checksum: .*/, with: "checksum: edited").utf8)
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
                #expect(recipe.evaluation.every > 0 && recipe.agent.steps > 0)
                read += 1
            } catch {
                #expect(error.description.hasPrefix("run.yaml:"))
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
        let yaml = recipe().yaml.replacing(
            "hidden: [256, 256]", with: "hidden: *x9\n" + lines.joined(separator: "\n"))
        let early = recipe().yaml.replacing(
            "    hidden: [256, 256]", with: lines.joined(separator: "\n") + "\n    hidden: *x9")
        for text in [yaml, early] {
            #expect(throws: DescriptionError.self) { try Recipe(yaml: text, file: "run.yaml") }
        }
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func `a run.yaml of nothing but nesting is refused`(opening: String) {
        for count in [1000, 100_000] {
            let text = String(repeating: opening, count: count)
            #expect(throws: DescriptionError.self) { try Recipe(yaml: text, file: "run.yaml") }
        }
    }
}
