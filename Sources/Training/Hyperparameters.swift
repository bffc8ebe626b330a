// SPDX-License-Identifier: MIT

internal import Files

/// The value of a setting as TensorBoard tells them apart.
enum HyperparameterValue {
    case number(Double)
    case flag(Bool)
    case text(String)

    /// What a text of run.yaml stands for.
    init(_ text: String) {
        if let number = Double(text), number.isFinite {
            self = .number(number)
        } else if text == "true" || text == "false" {
            self = .flag(text == "true")
        } else {
            self = .text(text)
        }
    }
}

/// The summaries of TensorBoard's page of hyperparameters: what a run was told, and that it has ended.
enum Hyperparameters {
    /// The summary of what a run was told.
    static func start(_ settings: [(name: String, value: HyperparameterValue)], at seconds: Double) -> [UInt8]
    {
        // SessionStartInfo { hparams = 1 (a map to google.protobuf.Value), start_time_secs = 5 }
        let info = ProtobufWriter.message { info in
            for (name, value) in settings {
                info.add(1) {
                    $0.add(1, name)
                    $0.add(2) { Self.add(value, to: &$0) }
                }
            }
            info.add(5, seconds)
        }
        return summary("_hparams_/session_start_info", 3, info)
    }

    /// The summary of a run that came to its end.
    static func end(at seconds: Double) -> [UInt8] {
        // SessionEndInfo { status = 1 (of success), end_time_secs = 2 }
        let info = ProtobufWriter.message {
            $0.add(1, 1)
            $0.add(2, seconds)
        }
        return summary("_hparams_/session_end_info", 4, info)
    }

    /// google.protobuf.Value { number_value = 2, string_value = 3, bool_value = 4 }
    private static func add(_ value: HyperparameterValue, to message: inout ProtobufWriter) {
        switch value {
        case .number(let number): message.add(2, number)
        case .text(let text): message.add(3, text)
        case .flag(let flag): message.add(4, flag ? 1 : 0)
        }
    }

    /// A summary whose one value has nothing but a message of the plugin, in its field `kind`.
    private static func summary(_ tag: String, _ kind: Int, _ info: [UInt8]) -> [UInt8] {
        let plugin = ProtobufWriter.message {
            $0.add(1, "hparams")
            $0.add(2) { $0.add(kind, info) }
        }
        // Value { tag = 1, tensor = 8 (none: a list of no floats), metadata = 9 { plugin_data = 1 } }
        let value = ProtobufWriter.message {
            $0.add(1, tag)
            $0.add(8) {
                $0.add(1, 1)
                $0.add(2) { $0.add(2, []) }
            }
            $0.add(9) { $0.add(1, plugin) }
        }
        return ProtobufWriter.message { $0.add(1, value) }
    }
}
