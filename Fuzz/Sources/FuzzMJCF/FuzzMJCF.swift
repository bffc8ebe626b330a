// SPDX-License-Identifier: MIT

import FuzzDriver
import Robots

/// Reads `bytes` as a robot; one that is read has places for all its links.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMJCF(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let robot = try? Robot(urdf: bytes, file: "fuzz.xml") else { return 0 }
    let home = robot.home?.joints ?? []
    guard robot.links.count == robot.joints.count + 1, home.isEmpty || home.count == robot.joints.count,
        robot.actuators.allSatisfy({ robot.joints.indices.contains($0.joint) }),
        robot.linkPoses(positions: home).allSatisfy({ $0.position.length.isFinite }), robot.totalMass.isFinite
    else { fatalError("a robot of odd parts") }
    return 0
}

@_cdecl("FuzzMJCF_main")
public func start(
    _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
    fuzz(count, arguments, fuzzMJCF)
}
