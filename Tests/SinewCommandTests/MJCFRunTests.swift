// SPDX-License-Identifier: MIT

import Files
import Foundation
import Testing

/// A robot in MuJoCo's format, in several files, from its first scene to a run that is moved.
struct MJCFRunTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder["home/parts"], withIntermediateDirectories: true)
        try folder.write(
            """
            <mujoco model="swing">
              <include file="parts/classes.xml"/>
              <worldbody>
                <body name="rod"><joint name="pivot" axis="0 1 0" class="pivot"/><geom type="capsule" fromto="0 0 0 0 0 -1" size="0.05"/></body>
              </worldbody>
              <actuator><motor joint="pivot" gear="2" ctrlrange="-1 1"/></actuator>
            </mujoco>
            """, to: "home/swing.xml")
        try folder.write(
            "<mujocoinclude><default><default class='pivot'><joint damping='0.1' armature='0.02'/></default></default></mujocoinclude>",
            to: "home/parts/classes.xml")
    }

    private var scene: String {
        """
        format: 1
        summary: Swing up.
        robot: swing.xml
        physics: {time_step: 0.01, substeps: 5, solver: articulated}
        actuators: [{kind: model}]
        episode: {steps: 20}
        observation: [{term: joint_cosines}, {term: joint_sines}, {term: joint_velocities}]
        reward: [{term: alive, weight: 1}, {term: joint_vel_l2, weight: -0.1}]
        """
    }

    private func returns(_ run: String) throws -> String {
        let outcome = try sinew("replay", run, "--episodes", "2", "--json", in: folder)
        #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        return outcome.output
    }

    @Test func `a run holds all files of its robot, and notices when one of them is another`() throws {
        try folder.write(scene, to: "home/swing.yaml")
        let trained = try sinew(
            ["train", "home/swing.yaml"] + Runs.tiny.dropFirst(2) + ["--output", "home/run"], in: folder)
        try #require(trained.code == 0, "\(trained.errors)")
        let played = try returns("home/run")
        try FileManager.default.moveItem(atPath: folder["home/run"], toPath: folder["run"])
        try FileManager.default.removeItem(atPath: folder["home"])
        #expect(try returns("run") == played)
        let resumed = try sinew("train", "run", "--resume", "--steps", "900", in: folder)
        #expect(resumed.code == 0, "\(resumed.errors)")
        let part = "run/scene/robot/parts/classes.xml"
        let text = try String(contentsOfFile: folder[part], encoding: .utf8)
        try folder.write(text.replacing("0.02", with: "0.03"), to: part)
        let changed = try sinew("replay", "run", in: folder)
        #expect(changed.code != 0 && changed.errors.contains("scene/"), "\(changed.errors)")
    }

    @Test func `a first scene is written, loads, and is stable`() throws {
        let written = try sinew("scenes", "--new", "home/swing.xml", in: folder)
        #expect(written.code == 0, "\(written.errors)")
        let checked = try sinew("scenes", "--check", "home/swing.yaml", in: folder)
        #expect(checked.code == 0, "\(checked.errors)")
    }
}
