// SPDX-License-Identifier: MIT

import Robots
import Settings
import Testing

/// Numbers in the wrong unit are told, with the unit that would make sense; those of real robots are not.
struct PlausibilityTests {
    /// Two rods of 0.3 m on a base; the first has the numbers given.
    private func said(
        mass: String = "0.6", center: String = "0 0 0.15",
        inertia: String = "ixx='4.6e-3' iyy='4.6e-3' izz='1.2e-4'",
        shape: String = "<cylinder radius='0.02' length='0.3'/>", at place: String = "0 0 0.15",
        next: String = "0 0 0.3"
    ) -> [String] {
        let urdf = """
            <robot name="r">
            <link name="base"/>
            <link name="a">
              <inertial>
                <origin xyz="\(center)"/>
                <mass value="\(mass)"/>
                <inertia \(inertia)/>
              </inertial>
              <collision><origin xyz="\(place)"/><geometry>\(shape)</geometry></collision>
            </link>
            <link name="b"><inertial><mass value="0.6"/><inertia ixx="1e-3" iyy="1e-3" izz="1e-3"/></inertial></link>
            <joint name="j" type="continuous"><parent link="base"/><child link="a"/></joint>
            <joint name="k" type="continuous"><parent link="a"/><child link="b"/><origin xyz="\(next)"/></joint>
            </robot>
            """
        do {
            return try Robot(urdf: urdf, file: "r").notes.map(\.description)
        } catch {
            return error.errors.map(\.description)
        }
    }

    @Test func `what can be is not doubted`() {
        #expect(said() == [])
        // A body of lead, a point mass on a rod, a counterweight behind the joint, a hollow shell.
        #expect(said(mass: "4", inertia: "ixx='0.03' iyy='0.03' izz='8e-4'") == [])
        #expect(said(center: "0 0 0.3", inertia: "ixx='1e-4' iyy='1e-4' izz='1e-4'") == [])
        #expect(said(center: "0 0 -0.2") == [])
        #expect(said(mass: "0.01", inertia: "ixx='1e-4' iyy='1e-4' izz='4e-6'") == [])
    }

    @Test(
        arguments: [
            (
                "0 0 150",
                "the centre of mass, 0 0 150, is 150 m from the link's frame, its shapes and joints only 0.3013 m; it looks like mm; write 0 0 0.15, in m"
            ),
            ("0 0 15", "it looks like cm; write 0 0 0.15, in m"), ("0 0 9e4", "write it in m"),
        ])
    func `a centre of mass far outside is told with its likely unit`(center: String, words: String) {
        let said = said(center: center)
        #expect(said.count == 1 && said[0].hasPrefix("r:5: warning: link 'a' <inertial>: "), "\(said)")
        #expect(said[0].hasSuffix(words), "\(said)")
    }

    @Test(
        arguments: [
            ("ixx='4.6' iyy='4.6' izz='0.12'", "it looks like g m²"),
            ("ixx='46' iyy='46' izz='1.2'", "it looks like kg cm²"),
            ("ixx='4600' iyy='4600' izz='120'", "it looks like kg mm²; write kg m²"),
            ("ixx='4.6e6' iyy='4.6e6' izz='1.2e5'", "it looks like g mm²"),
            (
                "ixx='1' iyy='1' izz='1'",
                "compute it again, or leave <inertia> out to have that of the shapes"
            ),
            (
                "ixx='4.6e-9' iyy='4.6e-9' izz='1.2e-10'",
                "of 9.913e+05 less than they would have; write kg m²; was it converted twice?"
            ),
        ])
    func `an inertia in another unit is told with it`(inertia: String, words: String) {
        let said = said(inertia: inertia)
        #expect(
            said.count == 1 && said[0].hasPrefix("r:7: warning: link 'a' <inertia>: 0.6 kg with "), "\(said)")
        #expect(said[0].contains(words), "\(said)")
    }

    @Test func `an inertia below what can be simulated is an error with its line`() {
        let said = said(inertia: "ixx='5e-12' iyy='5e-12' izz='3e-13'")
        #expect(
            said.contains {
                $0.hasPrefix("r:3: link 'a': 0.6 kg with 3e-13 kg m² about an axis lie within a micrometre")
            })
    }

    @Test func `more than any material weighs, and less than air, is told`() {
        let heavy = said(mass: "600", inertia: "ixx='4.6' iyy='4.6' izz='0.12'")
        #expect(
            heavy.count == 1
                && heavy[0].hasPrefix("r:6: warning: link 'a' <mass>: 600 kg within 0.1513 m have 4.13"),
            "\(heavy)")
        #expect(
            heavy[0].hasSuffix(
                "more than any material (osmium has 22,590); it looks like g; write 0.6, in kg"))
        let light = said(
            center: "0 0 15", inertia: "ixx='46' iyy='46' izz='1.2'",
            shape: "<cylinder radius='2' length='30'/>",
            at: "0 0 15", next: "0 0 30")
        #expect(
            light.count == 1
                && light[0].contains("less than air; lengths look like cm; write m"), "\(light)"
        )
        #expect(
            said(
                mass: "0.6", inertia: "ixx='1e-7' iyy='1e-7' izz='1e-7'",
                shape: "<sphere radius='3e-4'/>"
            )
            .contains {
                $0.contains("closer than any material allows")
            })
    }

    @Test func `robots of kilometres and of micrometres are told`() {
        let giant = said(
            mass: "60000", center: "0 0 0", inertia: "ixx='4.6e8' iyy='4.6e8' izz='1.2e7'",
            shape: "<cylinder radius='20' length='300'/>", at: "0 0 0", next: "0 0 300")
        #expect(
            giant == [
                "r:1: warning: <robot>: the robot is 450 m large; lengths are in m; these look like mm or cm"
            ])
        let speck = said(
            mass: "6e-9", center: "0 0 0", inertia: "ixx='4.6e-17' iyy='4.6e-17' izz='1.2e-18'",
            shape: "<cylinder radius='2e-5' length='0.0003'/>", at: "0 0 0", next: "0 0 0.0003")
        #expect(
            speck.first
                == "r:1: warning: <robot>: the robot is 0.00045 m large; lengths are in m; were these converted from mm twice?"
        )
    }
}
