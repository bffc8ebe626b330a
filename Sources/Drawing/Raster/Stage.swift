// SPDX-License-Identifier: MIT

package import Geometry

/// What a picture shows: surfaces, the ground, and the light.
package struct Stage: Sendable {
    /// What stands or moves.
    package var solids: [Solid] = []
    /// The direction at right angles to flat ground through the world's origin; nil for none.
    package var ground: Vector3?
    /// Where the light comes from.
    package var light = Vector3(-0.4, -0.5, 1)
    /// The middle of what casts shadows, m.
    package var centre = Vector3.zero
    /// How far from there something can cast one, m.
    package var reach = 1.0
    /// The side of the ground's tiles, m.
    package var tile = 0.5
    /// The colours of its tiles.
    package var (lightTile, darkTile) = (Colour(0xe6eaee), Colour(0xcdd6de))
    /// How far from what is seen the ground is half lost in haze, m.
    package var haze = 8.0

    package init() {}
}

/// The light and the colours of what is around.
enum Surroundings {
    static let horizon = Colour(0xf4f6f8)
    static let zenith = Colour(0xa9c4da)
    static let depth = Colour(0xd5dce3)
    /// What falls on a surface from the sky above and the ground below it, and from the sun at right angles.
    static let fromAbove: SIMD3<Float> = [0.50, 0.55, 0.62]
    static let fromBelow: SIMD3<Float> = [0.25, 0.24, 0.23]
    static let sun: SIMD3<Float> = [0.78, 0.74, 0.67]
}
