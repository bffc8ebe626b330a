// SPDX-License-Identifier: MIT

import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// An element of a picture, as a strict XML parser sees it.
struct SVGElement {
    var name: String
    var attributes: [String: String]
    /// The text between its tags.
    var text = ""
    /// The text of a title inside of it.
    var title = ""

    subscript(attribute: String) -> String? { attributes[attribute] }

    /// Where a text stands.
    var place: (x: Double, y: Double) {
        (Double(attributes["x"] ?? "") ?? .nan, Double(attributes["y"] ?? "") ?? .nan)
    }

    /// The corners of a path.
    var points: [(x: Double, y: Double)] {
        (attributes["d"] ?? "").split { "MLZh".contains($0) }.compactMap { pair in
            let numbers = pair.split(separator: " ").compactMap { Double($0) }
            return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
        }
    }

    /// All elements of a document, in order; an error where it is not well-formed.
    static func all(in svg: String) throws -> [SVGElement] {
        let collector = Collector()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = collector
        guard parser.parse() else {
            throw parser.parserError ?? CocoaError(.fileReadCorruptFile)
        }
        return collector.elements
    }

    private final class Collector: NSObject, XMLParserDelegate {
        var elements: [SVGElement] = []
        private var open: [Int] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
            qualifiedName: String?, attributes: [String: String]
        ) {
            open.append(elements.count)
            elements.append(SVGElement(name: name, attributes: attributes))
        }

        func parser(_ parser: XMLParser, foundCharacters characters: String) {
            guard let index = open.last else { return }
            elements[index].text += characters
            if elements[index].name == "title", open.count > 1 {
                elements[open[open.count - 2]].title += characters
            }
        }

        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
        ) {
            open.removeLast()
        }
    }
}

extension [SVGElement] {
    /// Where the text of a tick stands: `anchor` is "middle" for the horizontal axis and "end" for the vertical one.
    func place(ofTick label: String, _ anchor: String) throws -> (x: Double, y: Double) {
        try #require(first { $0.name == "text" && $0.text == label && $0["text-anchor"] == anchor }).place
    }
}
