// SPDX-License-Identifier: MIT

import Agents
import ArgumentParser
import Export
import Files
import Foundation
import Policies
import Ranks
import Safetensors
import Scenes
import Settings
import Sweeps
import Training
import View

/// What a person is told when a command fails: one or two lines, and an exit code as sysexits.h gives them.
struct Failure: Error {
    /// The codes that scripts can tell failures apart by.
    enum Code: Int32 {
        case usage = 64
        case badData = 65
        case missingInput = 66
        case missingProgram = 69
        case diverged = 70
        case cannotCreate = 73
        case inputOutput = 74
    }

    var code: Code
    var text: String

    init(_ code: Code, _ text: String) {
        self.code = code
        self.text = text
    }

    /// The failure for an error of Sinew's own; nil for others, such as those of the argument parser.
    init?(_ error: any Error) {
        let text = "\(error)"
        switch error {
        case let failure as Failure: self = failure
        case let error as DescriptionError:
            self.init(Self.code(of: error), Self.summary(of: error))
        case is SimulationError: self.init(.badData, text)
        case is AgentsError: self.init(.badData, text)
        case let error as FileError: self.init(Self.code(of: error), text)
        case SafetensorsError.file(let cause), PoliciesError.file(let cause):
            self.init(Self.code(of: cause), text)
        case is SafetensorsError, is PoliciesError: self.init(.badData, text)
        case let error as ExportError:
            switch error {
            case .policy(let cause): self.init(cause)
            case .file(let cause): self.init(cause)
            case .refused: self.init(.badData, text)
            case .option: self.init(.usage, text)
            case .missingProgram: self.init(.missingProgram, text)
            case .program: self.init(.inputOutput, text)
            }
        case let error as ViewError: self.init(Self.code(of: error), text)
        case let error as SweepError:
            switch error.kind {
            case .usage: self.init(.usage, text)
            case .missingProgram: self.init(.missingProgram, text)
            case .program: self.init(.inputOutput, text)
            }
        case let error as TrainingError: self.init(Self.code(of: error), text)
        case RanksError.otherLauncher: self.init(.usage, text)
        case is RanksError: self.init(.missingProgram, text)
        default: return nil
        }
    }

    static func code(of error: DescriptionError) -> Code {
        switch error.kind {
        case .missing: .missingInput
        case .unreadable: .inputOutput
        case .invalid: error.errors.contains(where: \.isOfFlag) ? .usage : .badData
        }
    }

    /// The first error, but a misspelt word before what is missing by it, and how to see the others: they often follow from it.
    private static func summary(of error: DescriptionError) -> String {
        let misspelt = error.errors.first(where: \.isMisspelt)
        guard let first = misspelt ?? error.errors.first, error.errors.count > 1 else { return "\(error)" }
        guard !first.isOfFlag else { return "\(first)" }
        return "\(first)\nand \(error.errors.count - 1) more; `sinew scenes --check \(first.file)` lists them"
    }

    private static func code(of error: FileError) -> Code {
        guard case .system(let operation, _, let code) = error else {
            return error.operation == .read ? .badData : .cannotCreate
        }
        switch (operation, code) {
        case (.read, EISDIR), (.read, EINVAL): return .badData
        case (.read, ENOENT), (.read, ENOTDIR), (.openFolder, ENOENT): return .missingInput
        case (.read, _): return .inputOutput
        case (_, ENOSPC), (_, EDQUOT), (_, EFBIG), (_, EIO), (_, EMFILE), (_, ENFILE), (_, ENOMEM):
            return .inputOutput
        default: return .cannotCreate
        }
    }

    private static func code(of error: ViewError) -> Code {
        switch error {
        case .host: .usage
        case .port: .cannotCreate
        }
    }

    private static func code(of error: TrainingError) -> Code {
        switch error {
        case .runExists, .cannotCreate, .runIsBusy: .cannotCreate
        case .fileFailed(let error, _), .unreadable(let error): code(of: error)
        case .badLog, .changedLog, .badCheckpoint, .badBest, .badStart, .noCheckpoint, .sceneChanged,
            .copyChanged:
            .badData
        case .cannotChange, .otherScene: .usage
        case .simulationDiverged, .learningDiverged: .diverged
        }
    }

    /// Prints the text on standard error and ends the process.
    func exitProcess() -> Never {
        printError(text, "sinew:", .red)
        exit(code.rawValue)
    }
}

extension Error {
    /// What the system says, without Foundation's wrapping.
    var reason: String {
        let underlying = (self as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if let posix = underlying ?? (self as NSError).domainIsPOSIX {
            return systemReason(Int32(posix.code))
        }
        switch (self as? CocoaError)?.code {
        case .fileWriteVolumeReadOnly?: return systemReason(EROFS)
        case .fileWriteOutOfSpace?: return systemReason(ENOSPC)
        case .fileWriteNoPermission?, .fileReadNoPermission?: return systemReason(EACCES)
        case .fileNoSuchFile?, .fileReadNoSuchFile?: return systemReason(ENOENT)
        case .fileWriteFileExists?: return systemReason(EEXIST)
        case .fileReadInvalidFileName?, .fileWriteInvalidFileName?: return systemReason(EINVAL)
        case .some: return "the system refuses it"
        case nil: return (self as NSError).localizedDescription
        }
    }
}

extension NSError {
    fileprivate var domainIsPOSIX: NSError? { domain == NSPOSIXErrorDomain ? self : nil }
}
