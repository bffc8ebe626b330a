// SPDX-License-Identifier: MIT

internal import Scenes
internal import Settings
internal import Tasks
internal import Training

/// Opens `count` environments of a scene.
///
/// - Parameters:
///   - scene: its name or path, or the folder of a run for the run's own scene.
///   - settings: what is set over what the file says, `KEY=VALUE` line by line; or null.
///   - count: 1...65536.
///   - threads: 1...256; the bits do not depend on it.
/// - Returns: the number of the environments; negative where it is refused.
@c(sinew_environments_open) public func environmentsOpen(
    _ scene: UnsafePointer<CChar>?, _ settings: UnsafePointer<CChar>?, _ count: Int32, _ threads: Int32
) -> Int64 {
    let (scene, settings) = unsafe (text(scene), text(settings))
    return call {
        guard !scene.isEmpty else { throw CallError.value("a scene's name or path is missing") }
        guard (1...65_536).contains(count) else {
            throw CallError.value("\(count) environments; allowed: 1 to 65,536")
        }
        guard (1...256).contains(threads) else {
            throw CallError.value("\(threads) threads; allowed: 1 to 256")
        }
        let task = try loadedScene(scene, overrides: settings.split(separator: "\n").map(String.init))
        return Handles.all.add(
            try EnvironmentBatch(task, count: Int(count), threads: Int(threads)))
    }
}

/// Leaves a description of the scene as JSON: spaces, reward terms, rates.
///
/// - Returns: the bytes of the text; negative where it is refused.
@c(sinew_environments_describe) public func environmentsDescribe(_ handle: Int64) -> Int64 {
    call {
        try Handles.all.with(handle, EnvironmentBatch.self) { batch in
            Texts.all.leave(batch.description.json)
        }
    }
}

/// Names the memory that later calls read actions from and write to; it must last until other memory is named or the environments
/// are closed.
///
/// - Parameters:
///   - handle: the number of the environments.
///   - actions: (count, actions), within [-1, 1].
///   - observations: (count, observations).
///   - lastObservations: the same, for episodes that ended in a step that also began the next.
///   - rewards: (count).
///   - rewardTerms: (count, reward terms), weight times quantity.
///   - flags: (count): 1 terminated, 2 truncated, 4 diverged, 8 the observation is the first of an episode.
/// - Returns: 0; negative where it is refused.
@c(sinew_environments_bind) public func environmentsBind(
    _ handle: Int64, _ actions: UnsafePointer<Float>?, _ observations: UnsafeMutablePointer<Float>?,
    _ lastObservations: UnsafeMutablePointer<Float>?, _ rewards: UnsafeMutablePointer<Double>?,
    _ rewardTerms: UnsafeMutablePointer<Double>?, _ flags: UnsafeMutablePointer<UInt8>?
) -> Int64 {
    guard let actions = unsafe actions, let observations = unsafe observations,
        let lastObservations = unsafe lastObservations, let rewards = unsafe rewards,
        let rewardTerms = unsafe rewardTerms, let flags = unsafe flags
    else { return call { throw CallError.value("memory is missing") } }
    let memory = unsafe EnvironmentBatch.Memory(
        actions: actions, observations: observations, lastObservations: lastObservations,
        rewards: rewards, rewardTerms: rewardTerms, flags: flags)
    return call {
        try Handles.all.with(handle, EnvironmentBatch.self) { batch in
            batch.memory = memory
            return 0
        }
    }
}

/// Starts episodes.
///
/// - Parameters:
///   - handle: the number of the environments.
///   - mask: (count), other than 0 where an episode is to start; null for all.
///   - seeds: (count), for those that `seeded` says; null where streams go on.
///   - seeded: (count), other than 0 where the environment gets its seed; null for all, where there are seeds.
/// - Returns: 0; negative where it is refused.
@c(sinew_environments_reset) public func environmentsReset(
    _ handle: Int64, _ mask: UnsafePointer<UInt8>?, _ seeds: UnsafePointer<UInt64>?,
    _ seeded: UnsafePointer<UInt8>?
) -> Int64 {
    call {
        try Handles.all.with(handle, EnvironmentBatch.self) { batch in
            try batch.reset(
                seed: { index in
                    guard let seeds = unsafe seeds, unsafe (seeded.map { unsafe $0[index] != 0 } ?? true)
                    else { return nil }
                    return unsafe seeds[index]
                },
                isChosen: { index in unsafe mask.map { unsafe $0[index] != 0 } ?? true })
            return 0
        }
    }
}

/// Does one step of all environments.
///
/// - Parameters:
///   - handle: the number of the environments.
///   - mode: what is done where an episode is over: 0 it is an error to go on, 1 the next step starts the next episode, 2 the
///     same step does.
/// - Returns: 0; negative where it is refused.
@c(sinew_environments_step) public func environmentsStep(_ handle: Int64, _ mode: Int32) -> Int64 {
    call {
        guard let mode = EnvironmentBatch.AutoReset(rawValue: mode) else {
            throw CallError.value("mode \(mode); allowed: 0 to 2")
        }
        return try Handles.all.with(handle, EnvironmentBatch.self) { batch in
            try batch.step(mode)
            return 0
        }
    }
}

/// Copies the state of one environment.
///
/// - Returns: its bytes; more than `capacity` where nothing was copied for want of room; negative where it is refused.
@c(sinew_environments_save) public func environmentsSave(
    _ handle: Int64, _ index: Int32, _ buffer: UnsafeMutablePointer<UInt8>?, _ capacity: Int64
) -> Int64 {
    call {
        try Handles.all.with(handle, EnvironmentBatch.self) { batch in
            let bytes = try batch.save(batch.checked(index))
            if let buffer = unsafe buffer, Int64(bytes.count) <= capacity {
                for position in bytes.indices { unsafe buffer[position] = bytes[position] }
            }
            return Int64(bytes.count)
        }
    }
}

/// Takes a state that an environment of the same scene gave; what it saw then is written to `observations`.
///
/// - Returns: 0; negative where it is refused: the environment is as it was.
@c(sinew_environments_restore) public func environmentsRestore(
    _ handle: Int64, _ index: Int32, _ bytes: UnsafePointer<UInt8>?, _ count: Int64
) -> Int64 {
    call {
        guard let bytes = unsafe bytes, (0...(1 << 30)).contains(count) else {
            throw CallError.value("these bytes are no state of this scene")
        }
        let state = unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
        return try Handles.all.with(handle, EnvironmentBatch.self) { batch in
            try batch.restore(batch.checked(index), state)
            return 0
        }
    }
}

/// Leaves the names and summaries of the scenes that can be found, as JSON.
///
/// - Returns: the bytes of the text.
@c(sinew_scenes) public func scenes() -> Int64 {
    Texts.all.leave(sceneList.json)
}

/// Draws an environment as it stands.
///
/// - Parameters:
///   - handle: the number of the environments.
///   - index: which of them.
///   - width: pixels in a row, 16...4096.
///   - height: rows, 16...4096.
///   - buffer: red, green and blue of each pixel, row by row from the top.
///   - capacity: the bytes that it has room for, at least 3 · width · height.
/// - Returns: 0; negative where it is refused.
@c(sinew_environments_picture) public func environmentsPicture(
    _ handle: Int64, _ index: Int32, _ width: Int32, _ height: Int32,
    _ buffer: UnsafeMutablePointer<UInt8>?, _ capacity: Int64
) -> Int64 {
    call {
        guard (16...4096).contains(width), (16...4096).contains(height) else {
            throw CallError.value("\(width) x \(height) pixels; allowed: 16 to 4096 each")
        }
        guard let buffer = unsafe buffer, capacity >= 3 * Int64(width) * Int64(height) else {
            throw CallError.value("memory is missing")
        }
        return try Handles.all.with(handle, EnvironmentBatch.self) { batch in
            let bytes = batch.slots[try batch.checked(index)].picture(
                of: batch.task, width: Int(width), height: Int(height))
            for position in bytes.indices { unsafe buffer[position] = bytes[position] }
            return 0
        }
    }
}

/// The scene of a name or path; the own one of a run whose folder is named.
private func loadedScene(_ name: String, overrides: [String]) throws -> LoadedScene {
    let folder = RunFolder(name)
    guard name.contains("/"), folder.isRun else { return try LoadedScene(named: name, overrides: overrides) }
    guard overrides.isEmpty else {
        throw CallError.value("\(name): a run's own scene is taken as it is, without settings")
    }
    return try LoadedScene(of: folder, folder.readRecipe())
}

extension EnvironmentBatch {
    /// An index of an environment.
    func checked(_ index: Int32) throws -> Int {
        guard slots.indices.contains(Int(index)) else {
            throw CallError.value("environment \(index); there are \(slots.count)")
        }
        return Int(index)
    }
}
