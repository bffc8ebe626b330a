// SPDX-License-Identifier: MIT

internal import CLibrary
internal import CMPI

/// Open MPI as a transport: loaded and started when asked for, by the thread that makes all its calls.
package final class OpenMPI: Transport {
    package let rank: Int
    package let count: Int
    /// Whether `mpirun` started this process; one that it did not start is a rank alone, and needs nothing started.
    private let isLaunched: Bool

    /// Loads Open MPI, and starts it where its launcher started this process.
    package init() throws(RanksError) {
        try Self.load()
        let launchers = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK"]
        isLaunched = launchers.contains { Self.variable($0) != nil }
        guard isLaunched else {
            if let size = Self.variable("PMI_SIZE"), size != "1" { throw .otherLauncher(processes: size) }
            (rank, count) = (0, 1)
            return
        }
        var (rank, count) = (Int32(0), Int32(1))
        let code = unsafe cmpi_start(&rank, &count)
        guard code == 0 else { throw .refused(code: Int(code)) }
        (self.rank, self.count) = (Int(rank), Int(count))
    }

    private static func load() throws(RanksError) {
        var text = [CChar](repeating: 0, count: 400)
        let status = unsafe cmpi_open(&text, Int32(text.count))
        let detail = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        switch status {
        case .CMPI_OPEN: return
        case .CMPI_MISSING: throw .missing(reason: detail)
        case .CMPI_OTHER: throw .otherLibrary(detail)
        case .CMPI_INCOMPLETE: throw .incomplete(name: detail)
        }
    }

    private static func variable(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    package func gather(_ bytes: inout MutableRawSpan, sizes: [Int]) {
        guard count > 1 else { return }
        let sizes = sizes.map(Int64.init)
        unsafe bytes.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            unsafe cmpi_gather(base, sizes)
        }
    }

    /// Says whether each thread of the ranks of this machine has a core: only then a waiting rank looks for a while before it sleeps.
    package func setCores(areEnough: Bool) { cmpi_set_patience(areEnough ? 200_000 : 0) }

    /// Ends all ranks at once with this exit code.
    package func abort(code: Int32) -> Never {
        if isLaunched { cmpi_abort(code) }
        exit(code)
    }

    /// Takes leave; returns when all ranks do.
    package func finish() {
        if isLaunched { cmpi_finish() }
    }
}
