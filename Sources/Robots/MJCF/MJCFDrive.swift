// SPDX-License-Identifier: MIT

internal import Settings

/// What an element of `<actuator>` says, in MuJoCo's general form: the shortcuts are ways to write it.
///
/// Force = gain * control + bias[0] + bias[1] * length + bias[2] * velocity, of which the joint gets gear times.
struct MJCFDrive {
    var gain = 1.0
    var bias = [0.0, 0, 0]
    var isAffine = false
    var gear = 1.0
    var controlRange: [Double]?
    var controlLimited = "auto"
    var forceRange: [Double]?
    var forceLimited = "auto"
    /// The share of the joint's range that controls span; 0 where they have a range of their own.
    var inheritedRange = 0.0
    /// The lag of a filter, in s.
    var lag = 0.0
    /// Why it cannot be simulated.
    var fault: String?

    /// Takes what an element says over what was said before, as MuJoCo's reader does.
    mutating func take(_ kind: String, _ values: MJCFAttributes) {
        if let gears = values.numbers("gear", 1...6, .within(-1e6, 1e6)) { gear = gears[0] }
        controlRange = values.numbers("ctrlrange", 2...2) ?? controlRange
        forceRange = values.numbers("forcerange", 2...2) ?? forceRange
        controlLimited = values["ctrllimited"] ?? controlLimited
        forceLimited = values["forcelimited"] ?? forceLimited
        switch kind {
        case "motor": (gain, bias, isAffine, lag, fault) = (1, [0, 0, 0], false, 0, nil)
        case "position":
            gain = values.number("kp", .notNegative) ?? gain
            bias[1] = -gain
            if let damping = values.number("kv", .notNegative) { bias[2] = -damping }
            // A positive one is a ratio, of which the damping is made once the inertia is known.
            if let ratio = values.number("dampratio", .notNegative) { bias[2] = ratio }
            if values["kv"] != nil, values["dampratio"] != nil {
                values.error("has kv and dampratio", "keep one")
            }
            lag = values.number("timeconst", .notNegative) ?? lag
            inheritedRange = values.number("inheritrange", .notNegative) ?? inheritedRange
            (isAffine, fault) = (true, nil)
        case "velocity":
            gain = values.number("kv", .notNegative) ?? gain
            (bias, isAffine, lag, fault) = ([0, 0, -gain], true, 0, nil)
        default: takeGeneral(values)
        }
    }

    private mutating func takeGeneral(_ values: MJCFAttributes) {
        gain = values.numbers("gainprm", 1...10)?.first ?? gain
        for (index, number) in (values.numbers("biasprm", 1...10) ?? []).prefix(3).enumerated() {
            bias[index] = number
        }
        inheritedRange = values.number("inheritrange", .notNegative) ?? inheritedRange
        if let type = values["gaintype"], type != "fixed" {
            fault = "gaintype '\(type.shortened)' is not simulated"
        }
        if let type = values["biastype"] {
            isAffine = type == "affine"
            if !["none", "affine"].contains(type) { fault = "biastype '\(type.shortened)' is not simulated" }
        }
        switch values["dyntype"] {
        case nil, "none": break
        case "filter", "filterexact": lag = values.numbers("dynprm", 1...10)?.first ?? 1
        case let type?: fault = "dyntype '\(type.shortened)' is not simulated"
        }
    }
}
