// SPDX-License-Identifier: MIT

internal import Settings

/// An element of an XML file, with the line on which its start tag ends.
///
/// Text between tags is kept where it is asked for, and where it is short; that there is some is always.
struct XMLElement {
    var name: String
    var attributes: [String: String]
    var line: Int
    var children: [XMLElement] = []
    var hasText = false
    var text = ""
    /// How it came into the file that one reads; nil where it stands in it.
    var inclusion: Inclusion?

    struct Inclusion {
        /// The file that it stands in.
        var file: String
        /// The line of the robot's own file that includes it.
        var line: Int
    }

    /// Its line in the robot's own file, or that of what includes it.
    var mainLine: Int { inclusion?.line ?? line }

    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
    func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// Parses a file; nil after an error, which is in `findings` then.
    static func parse(_ bytes: [UInt8], findings: Findings) -> XMLElement? {
        XMLText(bytes, findings: findings).flatMap { XMLReader.read($0, findings: findings) }
    }
}
