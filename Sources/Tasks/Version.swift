// SPDX-License-Identifier: MIT

/// The version of Sinew, written into runs and policies.
package let sinewVersion = "0.1.0"
