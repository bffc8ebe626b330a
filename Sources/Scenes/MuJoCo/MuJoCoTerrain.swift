// SPDX-License-Identifier: MIT

internal import Geometry
internal import Physics

/// A terrain's heights as MuJoCo's `<hfield>`: a grid about its middle, of shares of its height.
extension HeightField {
    var mujocoName: String { "terrain" }

    /// The middle of the grid at its lowest height, in the field's own frame.
    var mujocoCenter: Vector3 {
        Vector3(cell * Double(columns - 1) / 2, cell * Double(rows - 1) / 2, Double(heights.min() ?? 0))
    }

    /// The grid, row by row from the farthest along y.
    var mujocoAsset: MuJoCoElement {
        let heights = heights
        let height = Double((heights.max() ?? 0) - (heights.min() ?? 0))
        let rowsBack = (0..<rows).reversed().flatMap { heights[$0 * columns..<($0 + 1) * columns] }
        let center = mujocoCenter
        return MuJoCoElement(
            "hfield",
            [
                ("name", mujocoName), ("nrow", "\(rows)"), ("ncol", "\(columns)"),
                // Level ground has a height all the same; below it is 1 m.
                ("size", mujoco(center.x, center.y, height > 0 ? height : 1, 1)),
                ("elevation", rowsBack.map { "\($0)" }.joined(separator: " ")),
            ])
    }
}
