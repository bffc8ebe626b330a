// SPDX-License-Identifier: MIT

internal import Geometry
internal import Settings

/// Checks what terms need of the rest of their scene.
struct TermChecks {
    let scene: Scene
    let decoder: Decoder

    /// Checks the lists of a scene's file; one with errors of its own is left alone, for its entries are not all there.
    func check(_ root: Setting) {
        check(scene.observation, root["observation"])
        check(scene.criticObservation, root["critic_observation"])
        check(scene.reward, root["reward"])
        check(scene.termination, root["terminate"])
        checkStart(root["terminate"])
        checkNames(scene.observationElements, root.place(of: "observation"))
        checkNames(scene.criticElements, root.place(of: "critic_observation"))
    }

    private func check(_ entries: [some TermEntry], _ list: Setting?) {
        guard let items = list?.items, items.count == entries.count else { return }
        for (entry, setting) in zip(entries, items) {
            checkNeeds(entry.anyTerm, setting)
            if scene.base == .planar, entry.anyTerm.askedAxes.contains(.y) {
                decoder.report(
                    setting["axes"] ?? setting.place(of: "axis"), "y is always 0 in a planar scene",
                    "use x or z")
            }
        }
    }

    private func checkNeeds(_ term: any Term, _ setting: Setting) {
        for need in type(of: term).needs {
            let lack: (what: String, remedy: String)? =
                switch need {
                case .movingBase where scene.base == .fixed:
                    ("a base that moves", "set base to planar or floating, or leave the term out")
                case .floatingBase where scene.base != .floating:
                    ("a floating base", "set base: floating, or leave the term out")
                case .target where scene.target == nil:
                    ("a target", "add target: {disc: ...}, or leave the term out")
                case .targetOrientation where scene.target?.isTurned != true:
                    (
                        "a target with an orientation",
                        "write target: {reach: {link: ...}}, or leave the term out"
                    )
                case .commands where scene.commands == nil:
                    ("commands", "add commands: {lin_vel_x: ...}, or leave the term out")
                default: nil
                }
            guard let lack else { continue }
            decoder.report(setting, "'\(type(of: term).name)' needs \(lack.what)", lack.remedy)
        }
    }

    /// An episode must not be over when it starts.
    private func checkStart(_ list: Setting?) {
        guard let items = list?.items, items.count == scene.termination.count else { return }
        for (entry, setting) in zip(scene.termination, items) {
            guard let value = entry.term.valueAtStart(of: scene), entry.isOutside(value) else { continue }
            decoder.report(
                setting, "the start ends the episode: '\(entry.name)' is \(value.digits) there",
                "change start, or the bound")
        }
    }

    private func checkNames(_ elements: [ObservationElement], _ list: Setting) {
        guard !decoder.findings.hasErrors else { return }
        var names: Set<String> = []
        var twice: Set<String> = []
        for element in elements where !names.insert(element.name).inserted {
            guard twice.insert(element.name).inserted else { continue }
            decoder.report(list, "'\(element.name)' is observed twice", "keep one")
        }
    }
}
