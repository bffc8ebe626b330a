// SPDX-License-Identifier: MIT

import Foundation
import FuzzDriver
import Geometry
import Robots

/// Reads `bytes` as a mesh of a robot, of the kind that their first byte says: STL, OBJ or COLLADA.
///
/// What is accepted must be a shape that can be simulated.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMeshes(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    guard count > 1 else { return 0 }
    let file = folder + ["mesh.stl", "mesh.obj", "mesh.dae"][Int(start[0]) % 3]
    guard let stream = fopen(file, "wb") else { fatalError("cannot write \(file)") }
    fwrite(start + 1, 1, count - 1, stream)
    fclose(stream)
    let urdf = """
        <robot name="r"><link name="a"/><joint name="j" type="continuous"><parent link="a"/><child link="b"/></joint>
        <link name="b"><inertial><mass value="1"/></inertial>
        <collision><geometry><mesh filename="\(file)"/></geometry></collision></link></robot>
        """
    guard let robot = try? Robot(urdf: urdf, file: "fuzz.urdf") else { return 0 }
    for shape in robot.links.flatMap(\.shapes) { check(shape.geometry) }
    return 0
}

private func check(_ shape: Shape) {
    var sizes: [Double]
    switch shape {
    case .box(let size): sizes = size.components
    case .sphere(let radius): sizes = [radius]
    case .cylinder(let radius, let length), .capsule(let radius, let length): sizes = [radius, length]
    case .hull(let hull):
        sizes = hull.points.map { 1e-9 + $0.length }
        guard (4...64).contains(hull.points.count), (4...124).contains(hull.triangles.count) else {
            fatalError("a hull of \(hull.points.count) corners and \(hull.triangles.count) triangles")
        }
    }
    guard sizes.allSatisfy({ $0 > 0 && $0 < 1e5 }) else { fatalError("a shape of sizes \(sizes)") }
}

/// A folder of this process.
private let folder: String = {
    let path = NSTemporaryDirectory() + "/sinew-fuzz-\(getpid())/"
    mkdir(path, 0o700)
    return path
}()

@_cdecl("FuzzMeshes_main")
public func start(
    _ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> Int32 {
    fuzz(count, arguments, fuzzMeshes)
}
