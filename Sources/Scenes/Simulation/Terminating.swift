// SPDX-License-Identifier: MIT

internal import Physics

extension SimulatedEnvironment {
    /// Whether one of the scene's termination terms holds after the step.
    func isTerminated() throws(PhysicsError) -> Bool {
        for index in scene.termination.indices {
            compared.removeAll(keepingCapacity: true)
            try scene.termination[index].term.measure(state, into: &compared)
            for value in compared where scene.termination[index].isOutside(value) { return true }
        }
        return false
    }
}
