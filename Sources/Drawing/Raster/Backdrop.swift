// SPDX-License-Identifier: MIT

internal import Geometry

/// The sky, and flat ground with tiles: what is behind everything else, four pixels at a time.
struct Backdrop {
    /// From the lens's origin, m.
    let eye: SIMD3<Float>
    /// The ray through the picture's corner, 1 m deep, and what it grows by from pixel to pixel.
    let ray, alongX, alongY: SIMD3<Float>
    private let normal: SIMD3<Float>
    /// What turns a ray's part along the normal into the ground's nearness there; 0 where no ground is seen.
    private let nearnessOfRay: Float
    private let tiles: Tiles
    private let haze: Float
    private let sunOnGround: SIMD3<Float>
    private let skyOnGround: SIMD3<Float>

    init(_ stage: Stage, _ lens: Lens) {
        (eye, haze) = (SIMD3(lens.eye), Float(stage.haze))
        alongX = SIMD3(lens.right) / lens.scale
        alongY = -SIMD3(lens.up) / lens.scale
        ray = SIMD3(lens.forward) - lens.centre.x * alongX - lens.centre.y * alongY
        tiles = Tiles(stage, origin: lens.origin)
        let upward = stage.ground ?? Vector3(0, 0, 1)
        normal = SIMD3(upward)
        let height = (lens.origin + lens.eye).dot(upward)
        nearnessOfRay = stage.ground != nil && height > 1e-9 ? Float(-1 / height) : 0
        let light = SIMD3<Float>(1 / max(stage.light.length, 1e-12) * stage.light)
        sunOnGround = max(0, light.dot(normal)) * Surroundings.sun
        skyOnGround = Surroundings.fromAbove
    }

    /// The colours of four pixels from `x` on, and how near the ground is there; 0 for the sky.
    @inline(__always)
    func row(x: Float, y: Float, in shadow: Shadow) -> (colours: ColourRow, nearness: SIMD4<Float>) {
        let columns = x + SIMD4<Float>(0.5, 1.5, 2.5, 3.5)
        let (rayX, rayY, rayZ) = (
            ray.x + y * alongY.x + columns * alongX.x, ray.y + y * alongY.y + columns * alongX.y,
            ray.z + y * alongY.z + columns * alongX.z
        )
        let nearness = nearnessOfRay * (normal.x * rayX + normal.y * rayY + normal.z * rayZ)
        let isSky = nearness .<= 0
        if all(isSky) { return (sky(rayX, rayY, rayZ), .zero) }
        // At most 300 times the haze away, where nothing but haze is seen.
        let floor = 1 / (300 * haze)
        let distance = 1 / nearness.replacing(with: floor, where: nearness .< floor)
        let (placeX, placeY) = (eye.x + distance * rayX, eye.y + distance * rayY)
        // How far two pixels beside each other, or above, are apart on the ground.
        let slope = nearnessOfRay * normal
        let (slopeX, slopeY) = (slope.dot(alongX), slope.dot(alongY))
        let (wideX, wideY) = (
            abs(distance * (alongX.x - distance * slopeX * rayX))
                + abs(distance * (alongY.x - distance * slopeY * rayX)),
            abs(distance * (alongX.y - distance * slopeX * rayY))
                + abs(distance * (alongY.y - distance * slopeY * rayY))
        )
        var colours = tiles.colours(placeX, placeY, wideX, wideY)
        let placeZ = eye.z + distance * rayZ
        if let light = shadow.light(x: placeX, y: placeY, z: placeZ) {
            colours.dim(
                red: skyOnGround.x + sunOnGround.x * light, green: skyOnGround.y + sunOnGround.y * light,
                blue: skyOnGround.z + sunOnGround.z * light)
        } else {
            let sum = skyOnGround + sunOnGround
            colours.dim(
                red: .init(repeating: sum.x), green: .init(repeating: sum.y), blue: .init(repeating: sum.z))
        }
        let far = (placeX * placeX + placeY * placeY) / (haze * haze)
        colours.mix(ColourRow(Surroundings.horizon), far / (1 + far))
        if any(isSky) {
            colours.mix(sky(rayX, rayY, rayZ), SIMD4<Float>.zero.replacing(with: 1, where: isSky))
        }
        return (colours, nearness.replacing(with: 0, where: isSky))
    }

    @inline(__always)
    private func sky(_ x: SIMD4<Float>, _ y: SIMD4<Float>, _ z: SIMD4<Float>) -> ColourRow {
        let height = z / (x * x + y * y + z * z).squareRoot()
        let up = (1.6 * height).clamped(lowerBound: .zero, upperBound: .one)
        let below = (-1.2 * height).clamped(lowerBound: .zero, upperBound: .one)
        var colours = ColourRow(Surroundings.horizon)
        colours.mix(ColourRow(Surroundings.zenith), up * (2 - up))
        colours.mix(ColourRow(Surroundings.depth), below)
        return colours
    }
}

/// Square tiles of two colours, averaged over what a pixel covers.
struct Tiles {
    private let perMetre: Float
    private let offset: SIMD2<Float>
    private let light, dark: ColourRow

    /// A stage's tiles about the world's origin, for places that count from `origin`.
    init(_ stage: Stage, origin: Vector3) {
        (light, dark) = (ColourRow(stage.lightTile), ColourRow(stage.darkTile))
        let side = max(stage.tile, 1e-6)
        perMetre = Float(0.5 / side)
        // In pairs of tiles, of which whole ones make no difference.
        func rest(_ place: Double) -> Float {
            let pairs = 0.5 * place / side
            return Float(pairs - pairs.rounded())
        }
        offset = [rest(origin.x), rest(origin.y)]
    }

    @inline(__always)
    func colours(
        _ x: SIMD4<Float>, _ y: SIMD4<Float>, _ wideX: SIMD4<Float>, _ wideY: SIMD4<Float>
    ) -> ColourRow {
        let product =
            Self.wave(perMetre * x + offset.x, perMetre * wideX)
            * Self.wave(perMetre * y + offset.y, perMetre * wideY)
        var colours = light
        colours.mix(dark, 0.5 - 0.5 * product)
        return colours
    }

    /// The mean over a width of a wave of period 1 that is 1 for one half and -1 for the other: the difference of its integral, a
    /// triangle, at both ends.
    @inline(__always)
    private static func wave(_ place: SIMD4<Float>, _ width: SIMD4<Float>) -> SIMD4<Float> {
        let width = width + 1e-4
        let (low, high) = (fromWhole(place - 0.5 * width), fromWhole(place + 0.5 * width))
        return 2 * (abs(high) - abs(low)) / width
    }

    /// The distance to the next whole number, which adding 1.5 · 2²³ leaves.
    @inline(__always)
    private static func fromWhole(_ number: SIMD4<Float>) -> SIMD4<Float> {
        let number = number.clamped(lowerBound: .init(repeating: -4e6), upperBound: .init(repeating: 4e6))
        return number - ((number + 12_582_912) - 12_582_912)
    }
}

@inline(__always)
private func abs(_ number: SIMD4<Float>) -> SIMD4<Float> { pointwiseMax(number, -number) }
