// SPDX-License-Identifier: MIT

// Paths taken apart as text: but for realPath, nothing here looks at the disk, and no path is too short or too odd for it.

internal import CLibrary

extension String {
    /// The last name of a path: `b.yaml` of `a/b.yaml`; slashes at its end do not count.
    package var pathName: String { String(trimmedPath[nameStart...]) }

    /// The path of the folder above the last name: `a` of `a/b`, `/` of `/a`, empty where only a name is written.
    package var pathFolder: String {
        let folder = trimmedPath[..<nameStart]
        let end = folder.lastIndex { $0 != "/" }
        return end.map { String(folder[...$0]) } ?? (folder.isEmpty ? "" : "/")
    }

    /// What stands behind the last point of the name: `yaml` of `a/b.yaml`; a point that begins the name begins no ending.
    package var pathEnding: String {
        endingStart.map { String(trimmedPath[trimmedPath.index(after: $0)...]) } ?? ""
    }

    /// Whether it is a name that a file can have anywhere, and nothing more: no path, no option, nothing that a terminal would obey.
    package var isPlainName: Bool {
        guard let first = utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-") else {
            return false
        }
        return utf8.count <= 200 && !utf8.contains(UInt8(ascii: "/"))
            && !unicodeScalars.contains(where: \.isUnseen)
    }

    /// The path without its ending and the point before it.
    package var withoutEnding: String { String(trimmedPath[..<(endingStart ?? trimmedPath.endIndex)]) }

    /// The path without `.` and without a name and the `..` behind it.
    package var simplifiedPath: String {
        var names: [Substring] = []
        for name in split(separator: "/") where name != "." {
            if name == "..", let last = names.last, last != ".." {
                names.removeLast()
            } else if name != ".." || !hasPrefix("/") {
                names.append(name)
            }
        }
        let path = (hasPrefix("/") ? "/" : "") + names.joined(separator: "/")
        return path.isEmpty ? "." : path
    }

    /// The path that the file has without links, where it is there.
    package var realPath: String? {
        guard !utf8.contains(0), let path = unsafe realpath(self, nil) else { return nil }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    /// The path without slashes at its end, unless it is nothing else.
    private var trimmedPath: Substring {
        lastIndex { $0 != "/" }.map { self[...$0] } ?? self[...]
    }

    private var nameStart: Index {
        trimmedPath.lastIndex(of: "/").map { index(after: $0) } ?? startIndex
    }

    private var endingStart: Index? {
        guard let point = trimmedPath[nameStart...].lastIndex(of: "."), point > nameStart else { return nil }
        return point
    }
}

extension Unicode.Scalar {
    /// Whether it is none that is seen, but one that moves, hides or turns what is: control characters, marks of direction, ends of
    /// lines and paragraphs.
    package var isUnseen: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
        // Joiners of scripts and of emoji are seen in what they join.
        case .format: value != 0x200C && value != 0x200D
        default: false
        }
    }
}
