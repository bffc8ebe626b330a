// SPDX-License-Identifier: MIT

package import Settings

/// Uneven ground: tiles of rising difficulty along x, each level in its middle, where robots start.
///
/// Tile (0, 0) has its middle at the world's origin; rows go along x, columns along y.
public struct Terrain: Sendable, Equatable {
    /// What the tiles are: of each column one kind, in turns.
    public var kinds: [TerrainKind] = []
    /// How many tiles there are along x, from difficulty 0 to 1; one alone has difficulty 1.
    public var rows = 1
    /// How many tiles there are along y.
    public var columns = 1
    /// The edge of a tile, in m.
    public var size = 8.0
    /// The distance of the grid's nodes, in m; made a little smaller where a tile is no multiple of it.
    public var cell = 0.1
    /// How far a tile is level around its middle, in m along x and y.
    public var flat = 1.0
    /// What random heights are drawn from.
    public var seed: UInt64 = 0
    /// The coefficient of friction.
    public var friction = 1.0

    /// Makes one tile of no kind.
    public init() {}

    /// How many cells a tile has along its edge.
    var cellsOfTile: Int { max(1, Int((size / cell - 1e-9).rounded(.up))) }

    /// The difficulty of a row of tiles, 0 to 1.
    func difficulty(row: Int) -> Double { rows > 1 ? Double(row) / Double(rows - 1) : 1 }
}

extension Terrain: Configurable {
    package static let keys: [Key<Terrain>] = [
        Key(
            "kinds", \.kinds, .list(of: TerrainKind.format, count: 1...100),
            "What the tiles are: of each column one kind, in turns.", isRequired: true),
        Key(
            "tiles", \.tiles, .list(of: .integer(1...200), count: 2...2),
            "Rows along x, from difficulty 0 to 1, and columns along y; one row alone has difficulty 1."),
        Key("size", \.size, .number(.within(1, 100)), "The edge of a tile in m."),
        Key("cell", \.cell, .number(.within(0.01, 1)), "The distance of the grid's nodes in m."),
        Key(
            "flat", \.flat, .number(.within(0, 50)),
            "How far a tile is level around its middle, where robots start, in m along x and y."),
        Key("seed", \.seed, .integer(0...UInt64(Int.max)), "What random heights are drawn from."),
        Key(
            "friction", \.friction, .number(.within(0, 100)),
            "Coefficient of friction, of which a pair takes the greater of two."),
    ]

    private var tiles: [Int] {
        get { [rows, columns] }
        set { if newValue.count == 2 { (rows, columns) = (newValue[0], newValue[1]) } }
    }

    package func check(_ setting: Setting, _ decoder: Decoder) {
        let nodes = (rows * cellsOfTile + 1) * (columns * cellsOfTile + 1)
        if nodes > 1 << 22 || max(rows, columns) * cellsOfTile >= 8192 {
            decoder.report(
                setting.place(of: "cell"),
                "\(rows) by \(columns) tiles of \(size.digits) m have \(nodes) heights with cells of \(cell.digits) m; at most 4194304 are allowed, 8192 in a row",
                "use greater cells, or fewer or smaller tiles")
        }
        if flat > size / 2 - cell {
            decoder.report(
                setting.place(of: "flat"),
                "\(flat.digits) m to each side leave nothing of a tile of \(size.digits) m",
                "make it less than half of size")
        }
    }
}

/// What a tile is, at difficulty 1; its heights are in proportion to the difficulty.
public struct TerrainKind: Sendable, Equatable {
    /// What makes the heights.
    public enum Shape: String, Sendable, CaseIterable {
        case rough, waves, stairs, slope, steps, image
        case steppingStones = "stepping_stones"
    }

    /// What makes the heights.
    public var shape: Shape
    /// How high it is, in m; what of it depends on the shape.
    public var height = 0.1
    /// How long its parts are, in m.
    public var length = 0.3
    /// Of stepping stones: how far they are apart, and how deep it is between them, in m.
    public var gap = 0.2, depth = 0.5
    /// Of an image: its file, as the scene names it, and what it says.
    public var file = ""
    package var image: HeightImage?

    /// Makes a kind with the numbers that it has where a scene says none.
    public init(_ shape: Shape) {
        self.shape = shape
        switch shape {
        case .rough: (height, length) = (0.1, 0.2)
        case .waves: (height, length) = (0.3, 2)
        case .stairs: (height, length) = (0.15, 0.3)
        case .slope: height = 1
        case .steps: (height, length) = (0.15, 0.5)
        case .steppingStones: (height, length) = (0, 0.4)
        case .image: height = 1
        }
    }
}

extension TerrainKind {
    package static let format = Format<TerrainKind>.variant(
        tag: "kind", shared: [],
        [
            variant(
                .image, "Heights from a picture that fills the tile.",
                keys: [
                    Key(
                        "file", \.file, .text, "A PGM picture, looked up beside the scene.", isRequired: true),
                    height("How high white is over black."),
                ]),
            variant(
                .rough, "A random height at each node of a coarser grid, and straight between them.",
                keys: [height("From the lowest to the highest."), length("The distance of those nodes.")]),
            variant(
                .slope, "Four slopes from the level middle down to the tile's border.",
                keys: [signedHeight("How high the middle is over the border; below 0 a pit.")]),
            variant(
                .stairs, "Steps from the level middle down to the tile's border, on all four sides.",
                keys: [
                    signedHeight("How high a step is; below 0 they lead up from the middle."),
                    length("How long a step is."),
                ]),
            variant(
                .steppingStones, "Square stones with gaps between them.",
                keys: [
                    height("From the lowest to the highest stone."), length("The edge of a stone."),
                    Key("gap", \.gap, .number(.within(0, 10)), "How far stones are apart, in m."),
                    Key(
                        "depth", \.depth, .number(.positive(upTo: 10)),
                        "How deep it is between them in m, at every difficulty."),
                ]),
            variant(
                .steps, "Square blocks, each of a random height.",
                keys: [height("From the lowest to the highest."), length("The edge of a block.")]),
            variant(
                .waves, "Waves along x and y.",
                keys: [height("From the lowest to the highest."), length("From crest to crest.")]),
        ])

    private static func variant(_ shape: Shape, _ summary: String, keys: [Key<TerrainKind>]) -> Variant<
        TerrainKind
    > {
        Variant(shape.rawValue, summary, keys: keys, matches: { $0.shape == shape }) { TerrainKind(shape) }
    }

    private static func height(_ summary: String) -> Key<TerrainKind> {
        Key("height", \.height, .number(.within(0, 10)), "\(summary) In m.")
    }

    private static func signedHeight(_ summary: String) -> Key<TerrainKind> {
        Key("height", \.height, .number(.within(-10, 10)), "\(summary) In m.")
    }

    private static func length(_ summary: String) -> Key<TerrainKind> {
        Key("length", \.length, .number(.within(0.01, 100)), "\(summary) In m.")
    }
}
