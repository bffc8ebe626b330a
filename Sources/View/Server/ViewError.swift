// SPDX-License-Identifier: MIT

internal import CLibrary
internal import Files

/// Why nothing can be looked at, in words for people.
package enum ViewError: Error, Equatable, CustomStringConvertible {
    /// The words of --host are no IP address.
    case host(String)
    /// The port cannot be listened on, by the system's number.
    case port(UInt16, host: String, code: Int32)

    package var description: String {
        switch self {
        case .host(let host):
            "--host \(host): it must be an IP address of this machine, such as 127.0.0.1, ::1, or 0.0.0.0 for all of them"
        case .port(let port, let host, EADDRINUSE):
            "--port \(port): another program listens there on \(host); choose another one, or leave --port out for one that is free"
        case .port(let port, _, EACCES):
            "--port \(port): only root may listen there; choose one from 1024 on, or leave --port out for one that is free"
        case .port(_, let host, EADDRNOTAVAIL):
            "--host \(host): this machine has no such address; leave --host out for 127.0.0.1"
        case .port(let port, let host, let code):
            "--host \(host) --port \(port): cannot be listened on: \(systemReason(code))"
        }
    }
}
