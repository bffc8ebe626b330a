// SPDX-License-Identifier: MIT

public import Environments
public import Networks
public import Safetensors

/// What keeps state that a checkpoint holds.
///
/// The state is listed once; the list is both what is written and what is taken back:
///
///     var entries: [CheckpointEntry<Counter>] {
///         [.init("steps", \.steps), .init("critic", parameters), .init("replay", replay)]
///     }
public protocol Checkpointed {
    /// All of the state, in the order in which it is restored.
    var entries: [CheckpointEntry<Self>] { get }

    /// Called when all entries are restored: to refuse what does not fit together, and to compute what follows from it.
    mutating func restored() throws
}

extension Checkpointed {
    /// Accepts everything, unless a type says otherwise.
    public func restored() {}

    /// The tensors of all entries; `name`, which may be empty, stands before theirs.
    package func sources(_ name: String = "") -> [TensorSource] {
        entries.flatMap { $0.sources(self, $0.name(after: name)) }
    }

    /// Takes all entries back.
    ///
    /// - Throws: where one is missing, or is not of the kind and shape that it has here; what was restored until then stays.
    package mutating func restore(_ archive: TensorArchive, _ name: String) throws {
        for entry in entries { try entry.restore(&self, archive, entry.name(after: name)) }
        try restored()
    }
}

extension Checkpointed where Self: AnyObject {
    /// All that a checkpoint needs to go on with the same bits.
    public var state: [TensorSource] { sources() }

    /// Takes the state of a checkpoint.
    ///
    /// - Throws: `SafetensorsError` or ``AgentsError`` where tensors are missing or do not fit; the object must not be used then.
    public func restore(_ archive: TensorArchive) throws {
        var owner = self
        try owner.restore(archive, "")
    }
}

/// One part of an owner's state under its name, for both directions.
public struct CheckpointEntry<Owner> {
    private let name: String
    fileprivate let sources: (_ owner: Owner, _ name: String) -> [TensorSource]
    fileprivate let restore: (_ owner: inout Owner, _ archive: TensorArchive, _ name: String) throws -> Void

    /// The whole name of the entry of an owner that has a name itself; either may be empty.
    fileprivate func name(after owner: String) -> String {
        owner.isEmpty || name.isEmpty ? owner + name : "\(owner).\(name)"
    }

    /// What has entries of its own; none where there is no part.
    public init(_ name: String, _ part: (some Checkpointed & AnyObject)?) {
        self.name = name
        sources = { part?.sources($1) ?? [] }
        restore = { _, archive, name in
            guard var part else { return }
            try part.restore(archive, name)
        }
    }

    /// A value that has entries of its own.
    public init(_ name: String, _ path: WritableKeyPath<Owner, some Checkpointed>) {
        self.name = name
        sources = { owner, name in owner[keyPath: path].sources(name) }
        restore = { owner, archive, name in try owner[keyPath: path].restore(archive, name) }
    }
}

// MARK: One tensor

extension CheckpointEntry {
    /// Counters, one after another in one tensor; none is negative.
    public init(_ name: String, _ counters: WritableKeyPath<Owner, Int>...) {
        self.name = name
        sources = { owner, name in [TensorSource(name, counters.map { UInt64(owner[keyPath: $0]) })] }
        restore = { owner, archive, name in
            let values = try archive.counters(name, count: counters.count)
            for (path, value) in zip(counters, values) { owner[keyPath: path] = value }
        }
    }

    /// A list of counters; none is negative.
    public init(_ name: String, _ counters: WritableKeyPath<Owner, [Int]>) {
        self.name = name
        sources = { owner, name in [TensorSource(name, owner[keyPath: counters].map { UInt64($0) })] }
        restore = { owner, archive, name in
            owner[keyPath: counters] = try archive.counters(name, count: owner[keyPath: counters].count)
        }
    }

    /// What tells the layout of the state: a checkpoint of another one, or that tells none, is refused for `reason`.
    init(_ name: String, layout: Int, otherwise reason: String) {
        self.name = name
        sources = { _, name in [TensorSource(name, [UInt64(layout)])] }
        restore = { _, archive, name in
            guard archive.description(of: name) != nil, try archive.counters(name, count: 1) == [layout]
            else {
                throw AgentsError.badState(reason)
            }
        }
    }

    /// Numbers, one after another in one tensor.
    public init(_ name: String, _ numbers: WritableKeyPath<Owner, Double>...) {
        self.init(name, words: { owner in numbers.map { owner[keyPath: $0] } }) { owner, words, _ in
            for (path, word) in zip(numbers, words) { owner[keyPath: path] = word }
        }
    }

    /// A list of numbers.
    public init(_ name: String, _ numbers: WritableKeyPath<Owner, [Double]>) {
        self.init(name, words: { $0[keyPath: numbers] }) { owner, words, _ in owner[keyPath: numbers] = words
        }
    }

    /// A list of numbers that is in a checkpoint only where it is not empty, as in those from before it was kept.
    init(_ name: String, whereNotEmpty numbers: WritableKeyPath<Owner, [Double]>) {
        self.name = name
        sources = { owner, name in
            owner[keyPath: numbers].isEmpty ? [] : [TensorSource(name, owner[keyPath: numbers])]
        }
        restore = { owner, archive, name in
            owner[keyPath: numbers] = archive.description(of: name) == nil ? [] : try archive.values(name)
        }
    }

    /// A random stream.
    public init(_ name: String, _ stream: WritableKeyPath<Owner, RandomStream>) {
        self.init(name, words: { $0[keyPath: stream].stateWords }) { owner, words, name in
            guard let restored = RandomStream(stateWords: words) else {
                throw AgentsError.badState("'\(name)' is no random stream")
            }
            owner[keyPath: stream] = restored
        }
    }

    /// A tensor of as many words as the owner has of them.
    private init<Word: TensorElement>(
        _ name: String, words: @escaping (Owner) -> [Word],
        take: @escaping (_ owner: inout Owner, _ words: [Word], _ name: String) throws -> Void
    ) {
        self.name = name
        sources = { owner, name in [TensorSource(name, words(owner))] }
        restore = { owner, archive, name in
            try take(&owner, archive.values(name, shape: [words(owner).count]), name)
        }
    }

    /// All of a vector.
    public init(_ name: String, _ parameters: Parameters) {
        self.init(name, parameters) { _ in [parameters.count] }
    }

    /// All of a matrix.
    public init(_ name: String, _ matrix: Matrix) {
        self.init(name, matrix) { _ in [matrix.rows, matrix.columns] }
    }

    /// The numbers of a block from `start` on, as many as the shape has: it is asked when they are written, and when they are restored.
    init(_ name: String, _ block: some FloatBlock, from start: Int = 0, shape: @escaping (Owner) -> [Int]) {
        self.name = name
        sources = { owner, name in
            let shape = shape(owner)
            return [
                TensorSource(TensorDescription(name, .f32, shape: shape)) { writer in
                    try block.withSpan {
                        try writer.append($0.extracting(start..<start + shape.reduce(1, *)), to: name)
                    }
                }
            ]
        }
        restore = { owner, archive, name in
            let shape = shape(owner)
            if let found = archive.description(of: name), found.shape != shape {
                throw AgentsError.badState("'\(name)' has the shape \(found.shape), not \(shape)")
            }
            try block.withMutableSpan { numbers in
                var part = numbers._mutatingExtracting(start..<start + shape.reduce(1, *))
                try archive.copy(name, into: &part)
            }
        }
    }
}

extension TensorArchive {
    /// Counters of a checkpoint; none is larger than 2⁵³, so that they can be counted on.
    package func counters(_ name: String, count: Int) throws -> [Int] {
        try values(name, as: UInt64.self, shape: [count]).map { word in
            guard word <= 1 << 53 else { throw AgentsError.badState("'\(name)' is too large") }
            return Int(word)
        }
    }
}

/// Floats that lie one after another.
protocol FloatBlock: AnyObject {
    func withSpan<Result>(_ body: (Span<Float>) throws -> Result) rethrows -> Result
    func withMutableSpan<Result>(_ body: (inout MutableSpan<Float>) throws -> Result) rethrows -> Result
}

extension Parameters: FloatBlock {}
extension Matrix: FloatBlock {}

// MARK: Optimisers

extension Adam: Checkpointed {
    /// The moments and the steps done.
    public var entries: [CheckpointEntry<Adam>] {
        [.init("m", firstMoment), .init("v", secondMoment), .init("steps", \.steps)]
    }
}

extension RMSProp: Checkpointed {
    /// The mean square.
    public var entries: [CheckpointEntry<RMSProp>] { [.init("g", meanSquare)] }
}
