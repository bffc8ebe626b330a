// SPDX-License-Identifier: MIT

internal import CYAML

/// Reads YAML into a tree of settings with lines and key paths, by libyaml's events.
///
/// Aliases are copies of what they name, and `<<` takes the keys of a mapping over; a file may hold 100,000 values that way, nested 64 deep.
@safe
package struct YAMLReader {
    private let findings: Findings
    private var parser: UnsafeMutablePointer<yaml_parser_t>
    /// The file's text in UTF-8, to look at a line that is wrong.
    private let text: [UInt8]
    private var anchors: [String: Setting] = [:]
    /// How many values are left before the file is refused: aliases can make a short file huge.
    private var valuesLeft = valueLimit
    private static let valueLimit = 100_000
    private static let byteLimit = 4 << 20
    private static let depthLimit = 64

    /// Nothing more can be read: a report says why.
    private struct Stopped: Error {}

    /// What an event says, copied out of the parser's memory.
    private struct Event {
        var kind: yaml_event_type_t
        var line: Int
        var scalar = Scalar("", isQuoted: false)
        var anchor: String?
        var tag: String?
    }

    /// The root of a file; nil after an error, which is in `findings` then.
    package static func read(_ bytes: [UInt8], findings: Findings) -> Setting? {
        guard bytes.count <= byteLimit else {
            findings.error(nil, "", "the file has \(bytes.count) bytes; at most 4 MiB are read")
            return nil
        }
        let text = TextEncoding.utf8(ofUTF16: bytes) ?? bytes
        if let line = TextEncoding.firstLineBeyondUTF8(text) {
            findings.error(
                line, "", "this is not UTF-8 text: it looks like \(TextEncoding.guess(text))",
                "save it as UTF-8")
            return nil
        }
        return unsafe text.withUnsafeBufferPointer { bytes in
            let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
            defer { unsafe parser.deallocate() }
            guard unsafe yaml_parser_initialize(parser) == 1 else { return nil }
            defer { unsafe yaml_parser_delete(parser) }
            unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
            var reader = unsafe YAMLReader(findings: findings, parser: parser, text: text)
            return try? reader.document()
        }
    }

    private init(findings: Findings, parser: UnsafeMutablePointer<yaml_parser_t>, text: [UInt8]) {
        self.findings = findings
        self.text = text
        unsafe self.parser = unsafe parser
    }

    private mutating func document() throws -> Setting {
        _ = try next()
        let begin = try next()
        guard begin.kind == YAML_DOCUMENT_START_EVENT else {
            findings.error(1, "", "the file is empty", "a scene starts with format: 1")
            throw Stopped()
        }
        let root = try setting(next(), path: "", depth: 0)
        _ = try next()
        let after = try next()
        guard after.kind == YAML_STREAM_END_EVENT else {
            findings.error(after.line, "", "a second document begins here", "keep one in a file")
            throw Stopped()
        }
        guard !findings.hasErrors else { throw Stopped() }
        return root
    }

    // MARK: The tree

    private mutating func setting(_ event: Event, path: String, depth: Int) throws -> Setting {
        valuesLeft -= 1
        guard valuesLeft > 0 else { throw tooMany() }
        guard depth < Self.depthLimit else {
            findings.error(event.line, path, "values are nested more than \(Self.depthLimit) deep")
            throw Stopped()
        }
        checkTag(event, path)
        var setting: Setting
        switch event.kind {
        case YAML_ALIAS_EVENT: return try alias(event, path: path)
        case YAML_SEQUENCE_START_EVENT:
            var items: [Setting] = []
            while let item = try nextItem(until: YAML_SEQUENCE_END_EVENT) {
                items.append(try self.setting(item, path: "\(path)[\(items.count)]", depth: depth + 1))
            }
            setting = Setting(.list(items), path: path, line: event.line)
        case YAML_MAPPING_START_EVENT:
            setting = Setting(
                .mapping(try entries(path: path, depth: depth)), path: path, line: event.line)
        default: setting = Setting(.scalar(event.scalar), path: path, line: event.line)
        }
        if let anchor = event.anchor { anchors[anchor] = setting }
        return setting
    }

    private mutating func entries(path: String, depth: Int) throws -> [Setting.Entry] {
        var entries: [Setting.Entry] = []
        var lines: [String: Int] = [:]
        var merged: [Setting.Entry] = []
        while let key = try nextItem(until: YAML_MAPPING_END_EVENT) {
            guard key.kind == YAML_SCALAR_EVENT else {
                findings.error(key.line, path, "a key must be a word")
                throw Stopped()
            }
            let name = key.scalar.characters
            var value = try setting(
                next(), path: path.isEmpty ? name : "\(path).\(name)", depth: depth + 1)
            // People look for the key, and the value of a block starts a line later.
            value.line = key.line
            if name == "<<", !key.scalar.isQuoted {
                merged += try taken(over: value, into: path)
                continue
            }
            if let line = lines.updateValue(key.line, forKey: name) {
                findings.error(
                    key.line, value.path, "the key '\(name.shortened)' is already in line \(line)", "keep one"
                )
            }
            entries.append(.init(key: name, value: value))
        }
        // The mapping's own keys win, and of two that are merged the first.
        for entry in merged where !entries.contains(where: { $0.key == entry.key }) { entries.append(entry) }
        return entries
    }

    /// The keys that `<<` takes over: of a mapping, or of a list of them.
    private mutating func taken(over value: Setting, into path: String) throws -> [Setting.Entry] {
        let mappings = value.items ?? [value]
        let entries = mappings.compactMap(\.entries).flatMap(\.self)
        guard mappings.allSatisfy({ $0.entries != nil }) else {
            findings.error(value, "<< takes over the keys of a mapping, which this is not")
            throw Stopped()
        }
        return try entries.map {
            .init(key: $0.key, value: try copied($0.value, to: path.isEmpty ? $0.key : "\(path).\($0.key)"))
        }
    }

    private mutating func alias(_ event: Event, path: String) throws -> Setting {
        guard let name = event.anchor, let setting = anchors[name] else {
            findings.error(
                event.line, path, "no value is named &\(event.anchor ?? "") above", "write the value out")
            throw Stopped()
        }
        return try copied(setting, to: path)
    }

    /// A copy of a setting under another path; each of its values counts.
    private mutating func copied(_ setting: Setting, to path: String) throws -> Setting {
        valuesLeft -= setting.count
        guard valuesLeft > 0 else { throw tooMany() }
        return setting.moved(to: path)
    }

    private func tooMany() -> Stopped {
        findings.error(nil, "", "the file holds more than \(Self.valueLimit) values")
        return Stopped()
    }

    private func checkTag(_ event: Event, _ path: String) {
        guard let tag = event.tag, tag != "!", tag != "tag:yaml.org,2002:str" else { return }
        findings.error(event.line, path, "the tag \(tag.shortened) is not read", "remove it")
    }

    // MARK: Events

    private mutating func nextItem(until end: yaml_event_type_t) throws -> Event? {
        let event = try next()
        return event.kind == end ? nil : event
    }

    private mutating func next() throws -> Event {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw malformed() }
        defer { unsafe yaml_event_delete(&event) }
        var read = unsafe Event(kind: event.type, line: Int(event.start_mark.line) + 1)
        func text(_ start: UnsafeMutablePointer<yaml_char_t>?) -> String? {
            unsafe start.map { unsafe String(cString: $0) }
        }
        switch read.kind {
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let characters = unsafe String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            read.tag = unsafe text(scalar.tag)
            let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE && read.tag == nil
            read.scalar = Scalar(characters, isQuoted: !isPlain)
            read.anchor = unsafe text(scalar.anchor)
        case YAML_SEQUENCE_START_EVENT:
            read.anchor = unsafe text(event.data.sequence_start.anchor)
            read.tag = unsafe text(event.data.sequence_start.tag)
        case YAML_MAPPING_START_EVENT:
            read.anchor = unsafe text(event.data.mapping_start.anchor)
            read.tag = unsafe text(event.data.mapping_start.tag)
        case YAML_ALIAS_EVENT: read.anchor = unsafe text(event.data.alias.anchor)
        default: break
        }
        return read
    }

    private func malformed() -> Stopped {
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "it ends too early"
        // Characters that YAML forbids are told by their offset; all else by a mark.
        let mark = unsafe parser.pointee.problem_mark
        let line =
            unsafe parser.pointee.error == YAML_READER_ERROR
            ? text.prefix(Int(parser.pointee.problem_offset)).count { $0 == UInt8(ascii: "\n") } + 1
            : Int(mark.line) + 1
        if let (line, what) = oddIndentation(near: line) {
            findings.error(line, "", "this is not YAML: the line is indented by \(what)", "indent by spaces")
            return Stopped()
        }
        let isStart = problem.contains("cannot start any token")
        findings.error(
            line, "", "this is not YAML: \(problem)",
            isStart
                ? "quote texts that begin with @, ` or %"
                : "check the indentation, brackets, and colons there")
        return Stopped()
    }

    /// The first of a line and those beside it that is indented by anything but spaces, and by what.
    private func oddIndentation(near line: Int) -> (Int, String)? {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for number in [line, line + 1, line - 1] where lines.indices.contains(number - 1) {
            let start = String(decoding: lines[number - 1], as: UTF8.self).unicodeScalars.prefix {
                $0.properties.isWhitespace && $0 != "\r"
            }
            if start.contains("\t") { return (number, "a tab") }
            if let odd = start.first(where: { $0 != " " }) {
                return (number, "\(odd.codePoint), which looks like a space")
            }
        }
        return nil
    }
}

extension Setting {
    /// Reads YAML without knowing what it should hold.
    ///
    /// - Parameters:
    ///   - yaml: UTF-8 text.
    ///   - file: the name that messages give.
    /// - Throws: where it is not YAML.
    package init(yaml: [UInt8], file: String) throws(DescriptionError) {
        let findings = Findings(file: file)
        guard let root = YAMLReader.read(yaml, findings: findings) else {
            throw DescriptionError(.invalid, findings.inOrder)
        }
        self = root
    }
}
