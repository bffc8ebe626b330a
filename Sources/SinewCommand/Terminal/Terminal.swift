// SPDX-License-Identifier: MIT

import Foundation

/// What standard output or standard error leads to: a terminal, or a pipe or a file, which gets plain lines.
struct Terminal {
    static let output = Terminal(STDOUT_FILENO)
    static let error = Terminal(STDERR_FILENO)

    /// Whether a person sees it.
    let isTerminal: Bool
    /// Whether a line that is there can be written again: a terminal whose TERM is `dumb` cannot.
    let isLive: Bool
    /// Whether colours are wanted: on a terminal, unless NO_COLOR is set (no-color.org).
    let hasColours: Bool
    private let descriptor: Int32

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
        let environment = ProcessInfo.processInfo.environment
        isTerminal = isatty(descriptor) == 1
        isLive = isTerminal && environment["TERM"] != "dumb"
        hasColours = isLive && environment["NO_COLOR", default: ""].isEmpty
    }

    /// Its rows and columns as they are now, since a window changes; 24 by 80 where it does not tell.
    var size: (rows: Int, columns: Int) {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return (24, 80) }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    /// The codes of ECMA-48 that are used.
    enum Style: Int {
        case bold = 1
        case red = 31
        case green = 32
        case yellow = 33
        case cyan = 36
    }

    /// The text in a style, where colours are wanted.
    func styled(_ text: String, _ style: Style?) -> String {
        guard hasColours, let style else { return text }
        return "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m"
    }
}
