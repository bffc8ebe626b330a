// SPDX-License-Identifier: MIT

internal import Geometry

/// Lights the triangles of a picture: by the sky above and the ground below, by the sun where no shadow falls, with a faint gloss.
struct Lighting {
    private let backdrop: Backdrop
    /// The lens's axes in the world.
    private let right, up, forward: SIMD3<Float>
    private let sun: SIMD3<Float>
    private let colours: [SIMD3<Float>]
    private let areTiled: [Bool]
    private let tiles: Tiles
    private let pixel: Float

    init(_ stage: Stage, _ lens: Lens, _ backdrop: Backdrop) {
        self.backdrop = backdrop
        (right, up, forward) = (SIMD3(lens.right), SIMD3(lens.up), SIMD3(lens.forward))
        sun = SIMD3(1 / max(stage.light.length, 1e-12) * stage.light)
        colours = stage.solids.map(\.colour.light)
        areTiled = stage.solids.map(\.isTiled)
        tiles = Tiles(stage, origin: lens.origin)
        pixel = 1 / lens.scale
    }

    /// Puts what covers a pixel over its colour in a row of four.
    @inline(__always)
    func mix(
        _ samples: SampleBuffer, _ x: Int, _ y: Int, _ ground: Float, over colours: inout ColourRow,
        _ lane: Int, in shadow: Shadow
    ) {
        let pixel = samples.pixels[y * samples.width + x]
        let isSeen = pixel.nearness .> ground
        guard any(isSeen) else { return }
        var sum = SIMD3<Float>.zero
        var count: Float = 0
        var last: (number: Int32, light: SIMD3<Float>) = (-1, .zero)
        for place in 0..<4 where isSeen[place] {
            if pixel.facets[place] != last.number {
                let (placeX, placeY) = (
                    Float(x) + SampleBuffer.placesX[place], Float(y) + SampleBuffer.placesY[place]
                )
                last = (
                    pixel.facets[place],
                    light(samples.facets[Int(pixel.facets[place])], placeX, placeY, in: shadow)
                )
            }
            sum += last.light
            count += 1
        }
        colours[lane] = (sum + (4 - count) * colours[lane]) / 4
    }

    /// The light that comes from a triangle at a place of the picture.
    private func light(_ facet: Facet, _ x: Float, _ y: Float, in shadow: Shadow) -> SIMD3<Float> {
        let value = facet.value(at: x, y)
        let inLens = SIMD3(value.x, value.y, value.z)
        let turned = inLens.x * right + inLens.y * up + inLens.z * forward
        let normal = turned / max(turned.dot(turned), 1e-30).squareRoot()
        let ray = backdrop.ray + x * backdrop.alongX + y * backdrop.alongY
        let distance = 1 / max(value.w, 1e-9)
        let point = backdrop.eye + distance * ray
        var colour = colours[facet.colour]
        if areTiled[facet.colour] {
            let width = SIMD4(repeating: 2 * distance * pixel)
            colour *= tiles.colours(.init(repeating: point.x), .init(repeating: point.y), width, width)[0]
        }
        let above = 0.5 + 0.5 * normal.z
        var sum =
            colour * (Surroundings.fromBelow + above * (Surroundings.fromAbove - Surroundings.fromBelow))
        let towards = normal.dot(sun)
        guard towards > 0 else { return sum }
        let share = shadow.light(at: point, normal: normal)
        sum += share * towards * colour * Surroundings.sun
        // The gloss: how near the normal is to halfway between sun and eye, to the 32nd power.
        let halfway = sun - ray / ray.dot(ray).squareRoot()
        let cosine = max(0, normal.dot(halfway)) / max(halfway.dot(halfway), 1e-12).squareRoot()
        var power = cosine
        for _ in 0..<5 { power *= power }
        sum += 0.12 * share * power
        return sum
    }
}
