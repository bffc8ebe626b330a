// SPDX-License-Identifier: MIT

internal import Foundation

/// Who may come in, and to what: whoever has the token, to the page and to its messages; nothing else is there.
struct Entrance: Sendable {
    /// What an answer is.
    enum Answer: Equatable {
        /// The page.
        case page
        /// The change to a WebSocket, with the proof that this side speaks it.
        case live(accept: String)
        /// No, with the number and the words of HTTP.
        case refusal(Int, String)
    }

    /// What the address must have.
    let token: String
    /// The host that the server was told to listen on.
    let host: String

    /// A new token: 128 bits, as 32 hexadecimal digits.
    static func makeToken() -> String {
        var source = SystemRandomNumberGenerator()
        return (0..<32).map { _ in String(Int(source.next() >> 60), radix: 16) }.joined()
    }

    /// What is answered to a head.
    func answer(to head: RequestHead) -> Answer {
        guard head.method == "GET" else { return .refusal(405, "only GET is answered here") }
        guard let asked = head["host"], isOurs(asked) else {
            return .refusal(
                403, "open this page by an IP address of this machine or by localhost, not by another name")
        }
        let path = head.target.split(separator: "?", omittingEmptySubsequences: false)[0]
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard let given = parts.first, isToken(given) else {
            return .refusal(403, "the address must have the token that `sinew` printed")
        }
        switch parts.dropFirst() {
        case []: return .page
        case ["live"]: return live(head, at: asked)
        default: return .refusal(404, "there is nothing here")
        }
    }

    /// Whether a text is the token; it takes as long whatever is wrong with it.
    func isToken(_ text: some StringProtocol) -> Bool {
        let (given, right) = (Array(text.utf8), Array(token.utf8))
        var difference = UInt8(given.count == right.count ? 0 : 1)
        for index in right.indices { difference |= right[index] ^ (index < given.count ? given[index] : 0) }
        return difference == 0
    }

    /// Whether a Host header names this machine by number, or by a name that nobody else gives out.
    ///
    /// A page from elsewhere whose name was turned to this machine (DNS rebinding) comes with its name.
    private func isOurs(_ asked: String) -> Bool {
        let name: Substring
        let port: Substring
        if asked.hasPrefix("["), let end = asked.firstIndex(of: "]") {
            name = asked[asked.index(after: asked.startIndex)..<end]
            port = asked[asked.index(after: end)...]
        } else {
            name = asked.prefix { $0 != ":" }
            port = asked[name.endIndex...]
        }
        // What is asked stands in a header of the answer: behind the name nothing but a port may.
        guard port.isEmpty || port.first == ":", port.utf8.dropFirst().allSatisfy({ 48...57 ~= $0 }) else {
            return false
        }
        return name == "localhost" || name == host || NumericAddress.isNumeric(String(name))
    }

    private func live(_ head: RequestHead, at asked: String) -> Answer {
        guard head["upgrade"]?.lowercased() == "websocket", head.lists("upgrade", in: "connection"),
            head["sec-websocket-version"] == "13", let key = head["sec-websocket-key"],
            Data(base64Encoded: key)?.count == 16
        else { return .refusal(400, "a WebSocket of version 13 is expected here") }
        // Browsers tell whose page asks, and no page can change it.
        guard head["origin"] == "http://\(asked)" else {
            return .refusal(403, "another page may not ask this")
        }
        let proof = SHA1.hash(Array("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))
        return .live(accept: Data(proof).base64EncodedString())
    }
}
