// SPDX-License-Identifier: MIT

import ArgumentParser
import Foundation
import View

/// `--host`, `--port`: where a live view is looked at.
struct ViewOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The IP address to listen on (default: 127.0.0.1, which only this machine reaches).",
            valueName: "address"))
    var host: String?
    @Option(
        parsing: .unconditional, help: "The port (default: one that is free).",
        transform: whole(1...UInt16.max))
    var port: UInt16?

    /// Whether either was given.
    var isGiven: Bool { host != nil || port != nil }

    /// Listens, for whoever is told the address.
    func server(of scene: LiveScene) throws(ViewError) -> ViewServer {
        try ViewServer(host: host ?? "127.0.0.1", port: port ?? 0, page: LiveScene.page, attraction: scene)
    }
}

extension ViewServer {
    /// Says where it is looked at: on standard output where that is all that is printed there.
    func announce(_ what: String, onOutput: Bool) {
        printError("to see \(what), open this address in a browser; it contains a secret token")
        if isOpen {
            printError(
                "any machine that reaches this one and has the address may look and push; nothing is encrypted",
                "warning:", .yellow)
        }
        guard onOutput else { return printError(address) }
        print(address)
        fflush(nil)
    }
}
